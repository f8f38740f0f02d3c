import { type App, etag, requireAccess, requireVersion } from '@sandkeep/service-kit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from './account.ts'
import type { Seen } from './account-lock.ts'
import type { AccountService } from './account-service.ts'
import { toUserView } from './account-view.ts'
import type { DeleteAccount } from './deletion-service.ts'
import { deleteSchema, editSchema, readSchema, roleSchema, statusSchema } from './user-schemas.ts'

export interface UserRouteParts {
  accounts: AccountService
  deleteAccount: DeleteAccount
}

const seenBy = (request: FastifyRequest<{ Params: { id: string } }>): Seen => ({
  id: request.params.id,
  version: requireVersion(request),
})

const answer = (reply: FastifyReply, account: Account) => {
  reply.header('etag', etag(account.version))
  return toUserView(account)
}

/** One account, for administrators and, to read it, for its person. */
export function userRoutes(app: App, { accounts, deleteAccount }: UserRouteParts): void {
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
    handler: async (request, reply) => answer(reply, await accounts.edit(seenBy(request), request.body)),
  })

  app.route({
    method: 'DELETE',
    url: '/v1/users/:id',
    operation: 'deleteUser',
    schema: deleteSchema,
    handler: async (request, reply) => {
      await deleteAccount(seenBy(request))
      return reply.code(204).send()
    },
  })

  app.route({
    method: 'PUT',
    url: '/v1/users/:id/role',
    operation: 'changeUserRole',
    schema: roleSchema,
    handler: async (request, reply) =>
      answer(reply, await accounts.changeRole(seenBy(request), request.body.role)),
  })

  app.route({
    method: 'PUT',
    url: '/v1/users/:id/status',
    operation: 'changeUserStatus',
    schema: statusSchema,
    handler: async (request, reply) =>
      answer(reply, await accounts.changeStatus(seenBy(request), request.body.status)),
  })
}
