import { type App, type Cursors, createPages, pageOf, pageQuery } from '@sandkeep/service-kit'
import { z } from 'zod'
import type { Prisma } from '../prisma.ts'
import { endsAt, type SessionLimits } from './session.ts'
import { type ListedSession, listSessions } from './session-list.ts'
import type { SessionService } from './session-service.ts'

const sessionView = z
  .object({
    id: z.uuid(),
    userAgent: z.string().optional(),
    network: z.string().optional().describe('The /24 or /48 that the last sign-in came from'),
    current: z.boolean(),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime(),
    endsAt: z.iso.datetime().describe('If it is not used again'),
  })
  .meta({ id: 'Session' })

const listSchema = { querystring: pageQuery, response: { 200: pageOf(sessionView) } }
const revokeSchema = { params: z.object({ id: z.uuid() }), response: { 204: z.undefined() } }

export interface SessionRouteParts {
  sessions: Pick<SessionService, 'revoke'>
  prisma: Prisma
  cursors: Cursors
  limits: SessionLimits
}

/** Where a person is signed in. */
export function sessionRoutes(app: App, { sessions, prisma, cursors, limits }: SessionRouteParts): void {
  const pages = createPages(cursors, z.uuid())

  app.route({
    method: 'GET',
    url: '/v1/me/sessions',
    operation: 'listMySessions',
    schema: listSchema,
    handler: async (request) => {
      const { userId, sessionId } = request.actor
      const { limit, cursor } = request.query
      const page = { limit: limit + 1, afterId: pages.start(cursor) }
      const rows = await listSessions(prisma, userId, limits, page)
      return pages.answer(rows, {
        limit,
        view: (it) => toSessionView(it, limits, sessionId),
        placeOf: ({ id }) => id,
      })
    },
  })

  app.route({
    method: 'DELETE',
    url: '/v1/me/sessions/:id',
    operation: 'revokeMySession',
    schema: revokeSchema,
    handler: async (request, reply) => {
      await sessions.revoke(request.actor.userId, request.params.id)
      return reply.code(204).send()
    },
  })
}

const toSessionView = (it: ListedSession, limits: SessionLimits, currentId: string) => ({
  id: it.id,
  ...(it.userAgent === null ? {} : { userAgent: it.userAgent }),
  ...(it.network === null ? {} : { network: it.network }),
  current: it.id === currentId,
  createdAt: it.createdAt.toISOString(),
  lastUsedAt: it.lastUsedAt.toISOString(),
  endsAt: endsAt(it, limits).toISOString(),
})
