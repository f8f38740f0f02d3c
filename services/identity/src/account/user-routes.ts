import type { Database } from '@sandkeep/postgres'
import {
  type App,
  type Cursors,
  etag,
  idempotent,
  requireAccess,
  requireVersion,
} from '@sandkeep/service-kit'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { Account } from './account.ts'
import { listAccounts } from './account-list.ts'
import type { AccountService } from './account-service.ts'
import { toUserView } from './account-view.ts'
import type { DeleteAccount } from './deletion-service.ts'
import type { RegistrationService } from './registration-service.ts'
import {
  createSchema,
  deleteSchema,
  editSchema,
  listSchema,
  readSchema,
  roleSchema,
  statusSchema,
} from './user-schemas.ts'

const position = z.tuple([z.iso.datetime(), z.uuid()])

export interface UserRouteParts {
  db: Database
  accounts: AccountService
  registration: RegistrationService
  deleteAccount: DeleteAccount
  cursors: Cursors
  mailOwed: () => void
}

const answer = (reply: FastifyReply, account: Account) => {
  reply.header('etag', etag(account.version))
  return toUserView(account)
}

export function userRoutes(app: App, parts: UserRouteParts): void {
  const { db, accounts, registration, cursors } = parts

  app.route({
    method: 'GET',
    url: '/v1/users',
    operation: 'listUsers',
    schema: listSchema,
    handler: async (request) => {
      const { cursor, limit, ...filter } = request.query
      const [createdAt, id] = cursor === undefined ? [] : position.parse(cursors.open(cursor))
      const after = createdAt && id ? { createdAt, id } : undefined
      const found = await listAccounts(db, { ...filter, after, limit: limit + 1 })
      const items = found.slice(0, limit)
      const last = found.length > limit ? items.at(-1) : undefined
      return {
        items: items.map(toUserView),
        ...(last ? { nextCursor: cursors.seal([last.createdAt.toISOString(), last.id]) } : {}),
      }
    },
  })

  app.route({
    method: 'POST',
    url: '/v1/users',
    operation: 'createUser',
    schema: createSchema,
    handler: async (request, reply) => {
      const prepared = await registration.prepare(request.body)
      const made = await idempotent(request, db, async (tx) => {
        const account = await registration.create(tx, prepared)
        return {
          status: 201,
          headers: { location: `/v1/users/${account.id}`, etag: etag(account.version) },
          body: toUserView(account),
        }
      })
      parts.mailOwed()
      return reply
        .code(201)
        .headers(made.headers ?? {})
        .send(made.body)
    },
  })

  app.route({
    method: 'GET',
    url: '/v1/users/:id',
    operation: 'getUser',
    schema: readSchema,
    handler: async (request, reply) => {
      requireAccess(request, { ownerId: request.params.id })
      return answer(reply, await accounts.get(request.params.id))
    },
  })

  app.route({
    method: 'PATCH',
    url: '/v1/users/:id',
    operation: 'updateUser',
    schema: editSchema,
    handler: async (request, reply) => {
      const seen = { id: request.params.id, version: requireVersion(request) }
      return answer(reply, await accounts.edit(seen, request.body))
    },
  })

  app.route({
    method: 'DELETE',
    url: '/v1/users/:id',
    operation: 'deleteUser',
    schema: deleteSchema,
    handler: async (request, reply) => {
      await parts.deleteAccount({ id: request.params.id, version: requireVersion(request) })
      return reply.code(204).send()
    },
  })

  app.route({
    method: 'PUT',
    url: '/v1/users/:id/role',
    operation: 'changeUserRole',
    schema: roleSchema,
    handler: async (request, reply) => {
      const seen = { id: request.params.id, version: requireVersion(request) }
      return answer(reply, await accounts.changeRole(seen, request.body.role))
    },
  })

  app.route({
    method: 'PUT',
    url: '/v1/users/:id/status',
    operation: 'changeUserStatus',
    schema: statusSchema,
    handler: async (request, reply) => {
      const seen = { id: request.params.id, version: requireVersion(request) }
      return answer(reply, await accounts.changeStatus(seen, request.body.status))
    },
  })
}
