import type { App } from '@sandkeep/service-kit'
import { z } from 'zod'
import type { Once } from '../answer-once.ts'
import { idempotencyKey } from '../headers.ts'
import type { FindOwn } from '../sandbox/find-own.ts'
import type { DiffService, DiffSide } from './diff-service.ts'
import type { RestoreService } from './restore-service.ts'
import { diffSchema, replacedView, toFileDiffView, toReplacedAnswer } from './restore-view.ts'

export interface RestoreRouteParts {
  diffs: DiffService
  restores: RestoreService
  findOwn: FindOwn
  once: Once
}

const restoreSchema = {
  description: 'Gives the sandbox the files of a checkpoint as a new version. Nothing is lost: see `undo`.',
  params: z.object({ id: z.uuid() }),
  headers: idempotencyKey,
  querystring: z.strictObject({}),
  body: z.strictObject({ checkpointId: z.uuid() }).meta({ id: 'Restore' }),
  response: { 200: replacedView },
}

const restoreMs = 60_000

const sideOf = (side: string): DiffSide => (side === 'working' ? side : { checkpointId: side })

export function restoreRoutes(app: App, { diffs, restores, findOwn, once }: RestoreRouteParts): void {
  app.route({
    method: 'GET',
    url: '/v1/sandboxes/:id/diff',
    operation: 'diffSandbox',
    schema: diffSchema,
    handler: async (request) => {
      const sandbox = await findOwn(request)
      const { from, to } = request.query
      const found = await diffs.diff(sandbox, sideOf(from), sideOf(to))
      return { items: found.map(toFileDiffView) }
    },
  })

  app.route({
    method: 'POST',
    url: '/v1/sandboxes/:id/restore',
    operation: 'restoreSandbox',
    handlerTimeout: restoreMs,
    schema: restoreSchema,
    handler: async (request, reply) => {
      const { headers, body } = await once(request, toReplacedAnswer, async (transact) => {
        const sandbox = await findOwn(request)
        return restores.restore(sandbox, request.actor, request.body.checkpointId, transact)
      })
      return reply.headers(headers ?? {}).send(body)
    },
  })
}
