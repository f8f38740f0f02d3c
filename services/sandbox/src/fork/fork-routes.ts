import { type App, etag } from '@sandkeep/service-kit'
import { z } from 'zod'
import type { Once } from '../answer-once.ts'
import { idempotencyKey } from '../headers.ts'
import type { FindOwn } from '../sandbox/find-own.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { sandboxView, toSandboxView } from '../sandbox/sandbox-view.ts'
import { lineField, textField } from '../text.ts'
import type { ForkService } from './fork-service.ts'

export interface ForkRouteParts {
  forks: ForkService
  findOwn: FindOwn
  once: Once
}

const forkSchema = {
  description: 'A sandbox of one’s own with the same files. Neither can ever change the other’s.',
  params: z.object({ id: z.uuid() }),
  headers: idempotencyKey,
  querystring: z.strictObject({}),
  body: z
    .strictObject({
      name: lineField(255).optional().describe('That of the parent, unless given'),
      description: textField(10_000).optional(),
      checkpointId: z.uuid().optional().describe('The files of this checkpoint instead of the current ones'),
    })
    .meta({ id: 'NewFork' })
    .optional(),
  response: { 201: sandboxView },
}

const toAnswer = (fork: Sandbox) => ({
  status: 201,
  headers: { location: `/v1/sandboxes/${fork.id}`, etag: etag(fork.version) },
  body: toSandboxView(fork),
})

export function forkRoutes(app: App, { forks, findOwn, once }: ForkRouteParts): void {
  app.route({
    method: 'POST',
    url: '/v1/sandboxes/:id/forks',
    operation: 'forkSandbox',
    schema: forkSchema,
    handler: async (request, reply) => {
      const { headers, body } = await once(request, toAnswer, async (transact) => {
        const parent = await findOwn(request)
        return forks.fork(parent, request.actor, request.body ?? {}, transact)
      })
      return reply
        .code(201)
        .headers(headers ?? {})
        .send(body)
    },
  })
}
