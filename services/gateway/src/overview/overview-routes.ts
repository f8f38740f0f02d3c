import type { App } from '@sandkeep/service-kit'
import { z } from 'zod'
import type { Guard } from '../edge/guard.ts'
import type { OwnHeaders } from '../forward/own-headers.ts'
import type { Upstream } from '../forward/upstream.ts'
import type { ServiceName } from '../upstreams.ts'
import { composeOverview } from './overview.ts'

const part = z.union([
  z.object({ status: z.literal('ok'), data: z.json().describe('What the route of the part answers') }),
  z.object({ status: z.literal('unavailable'), code: z.string().describe('Why: a problem code') }),
])

const overview = z
  .object({
    parts: z.object({
      me: part.describe('GET /v1/me'),
      sessions: part.describe('GET /v1/me/sessions'),
      sandboxes: part.describe('GET /v1/sandboxes, the newest five'),
    }),
  })
  .meta({ id: 'Overview' })

export interface OverviewParts {
  guard: Guard
  upstreams: Record<ServiceName, Upstream>
  ownHeaders: OwnHeaders
}

const path = '/v1/me/overview'
const deadlineMs = 1_000

export function overviewRoutes(app: App, { guard, upstreams, ownHeaders }: OverviewParts): void {
  app.route({
    method: 'GET',
    url: path,
    operation: 'getMyOverview',
    // The guard asks for the token, as for every path that is forwarded.
    auth: 'public',
    onRequest: guard({ path, auth: 'required', limit: 'api' }),
    schema: {
      security: [{ person: [] }],
      summary: 'A start page in one answer; a part that is not to be had says so',
      response: { 200: overview },
    },
    handler: async (request) =>
      composeOverview(async (service, { path }) => {
        const { authorization = '' } = request.headers
        const headers = { ...(await ownHeaders(request, service)), authorization }
        return upstreams[service].ask({ path, headers, deadlineMs })
      }),
  })
}
