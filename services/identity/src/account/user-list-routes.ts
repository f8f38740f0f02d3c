import type { Database } from '@sandkeep/postgres'
import { type App, type Cursors, createPages, etag, idempotent } from '@sandkeep/service-kit'
import { z } from 'zod'
import type { AccountCreation } from './account-creation.ts'
import { listAccounts } from './account-list.ts'
import { toUserView } from './account-view.ts'
import { createSchema, listSchema } from './user-schemas.ts'

export interface UserListRouteParts {
  db: Database
  creation: AccountCreation
  cursors: Cursors
  mailOwed: () => void
}

/** The accounts as a whole: looking through them and adding one. */
export function userListRoutes(app: App, { db, creation, cursors, mailOwed }: UserListRouteParts): void {
  const pages = createPages(cursors, z.object({ createdAt: z.iso.datetime(), id: z.uuid() }))

  app.route({
    method: 'GET',
    url: '/v1/users',
    operation: 'listUsers',
    schema: listSchema,
    handler: async (request) => {
      const { cursor, limit, ...filter } = request.query
      const rows = await listAccounts(db, { ...filter, after: pages.start(cursor), limit: limit + 1 })
      return pages.answer(rows, {
        limit,
        view: toUserView,
        placeOf: ({ createdAt, id }) => ({ createdAt: createdAt.toISOString(), id }),
      })
    },
  })

  app.route({
    method: 'POST',
    url: '/v1/users',
    operation: 'createUser',
    schema: createSchema,
    handler: async (request, reply) => {
      const prepared = await creation.prepare(request.body)
      const made = await idempotent(request, db, async (tx) => {
        const account = await creation.create(tx, prepared)
        return {
          status: 201,
          headers: { location: `/v1/users/${account.id}`, etag: etag(account.version) },
          body: toUserView(account),
        }
      })
      mailOwed()
      return reply
        .code(201)
        .headers(made.headers ?? {})
        .send(made.body)
    },
  })
}
