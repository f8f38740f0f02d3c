import type { Database } from '@sandkeep/postgres'
import type { App } from '@sandkeep/service-kit'
import { z } from 'zod'
import { AccountNotFoundError } from './account/account-errors.ts'
import { roleField, statusField } from './account/account-fields.ts'
import { findReference, listReferences } from './account/account-reference.ts'
import type { Prisma } from './prisma.ts'
import { toRevocationView } from './session/revocations.ts'
import { listRevocations } from './session/session-store.ts'

const reference = z
  .object({
    id: z.uuid(),
    username: z.string(),
    role: roleField,
    status: statusField,
    emailVerified: z.boolean(),
    version: z.int(),
  })
  .meta({ id: 'UserReference' })

const revocation = z
  .object({
    sessionId: z.uuid(),
    userId: z.uuid(),
    revokedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().describe('From here on no access token of the session is valid anyway'),
  })
  .meta({ id: 'Revocation' })

const revocationsSchema = {
  querystring: z.strictObject({
    since: z.iso
      .datetime()
      .optional()
      .describe('Commits are not in the order of their times: ask for a little more than is missing, 15 s'),
  }),
  response: { 200: z.object({ items: z.array(revocation) }) },
}

const listSchema = {
  querystring: z.strictObject({
    after: z.uuid().optional().describe('The last id of the page before'),
    limit: z.coerce.number().int().min(1).max(1000).default(500),
  }),
  response: { 200: z.object({ items: z.array(reference), nextAfter: z.uuid().optional() }) },
}

/** What other services ask: who is revoked, and who exists. */
export function internalRoutes(app: App, { db, prisma }: { db: Database; prisma: Prisma }): void {
  app.route({
    method: 'GET',
    url: '/internal/v1/revocations',
    operation: 'listRevocations',
    auth: 'service',
    schema: revocationsSchema,
    handler: async (request) => {
      const { since } = request.query
      const items = await listRevocations(db, since === undefined ? null : new Date(since))
      return { items: items.map(toRevocationView) }
    },
  })

  app.route({
    method: 'GET',
    url: '/internal/v1/users/:id',
    operation: 'getUserReference',
    auth: 'service',
    schema: { params: z.object({ id: z.uuid() }), response: { 200: reference } },
    handler: async (request) => {
      const found = await findReference(prisma, request.params.id)
      if (!found) throw new AccountNotFoundError()
      return found
    },
  })

  app.route({
    method: 'GET',
    url: '/internal/v1/users',
    operation: 'listUserReferences',
    auth: 'service',
    schema: listSchema,
    handler: async (request) => {
      const { after, limit } = request.query
      const items = await listReferences(prisma, after, limit)
      const last = items.length === limit ? items.at(-1) : undefined
      return { items, ...(last ? { nextAfter: last.id } : {}) }
    },
  })
}
