import { type App, type Cursors, createPages, etag, requireVersion } from '@sandkeep/service-kit'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { Once } from '../answer-once.ts'
import type { FindOwn } from '../sandbox/find-own.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Kept } from './checkpoint-keeper.ts'
import { createSchema, deleteSchema, editSchema, listSchema, readSchema } from './checkpoint-schemas.ts'
import type { CheckpointService } from './checkpoint-service.ts'
import { toCheckpointView } from './checkpoint-view.ts'

export interface CheckpointRouteParts {
  checkpoints: CheckpointService
  findOwn: FindOwn
  once: Once
  cursors: Cursors
}

const collection = '/v1/sandboxes/:id/checkpoints'
const item = `${collection}/:checkpointId` as const
const keepingMs = 60_000

const answer = (reply: FastifyReply, checkpoint: Checkpoint) => {
  reply.header('etag', etag(checkpoint.version))
  return toCheckpointView(checkpoint)
}

const toAnswer = ({ checkpoint }: Kept) => ({
  status: 201,
  headers: {
    location: `/v1/sandboxes/${checkpoint.sandboxId}/checkpoints/${checkpoint.id}`,
    etag: etag(checkpoint.version),
  },
  body: toCheckpointView(checkpoint),
})

export function checkpointRoutes(app: App, parts: CheckpointRouteParts): void {
  const { checkpoints, findOwn, once } = parts
  const pages = createPages(parts.cursors, z.int())

  app.route({
    method: 'GET',
    url: collection,
    operation: 'listCheckpoints',
    schema: listSchema,
    handler: async (request) => {
      const sandbox = await findOwn(request)
      const { cursor, limit } = request.query
      const rows = await checkpoints.list(sandbox, { before: pages.start(cursor), limit: limit + 1 })
      return pages.answer(rows, {
        limit,
        view: toCheckpointView,
        placeOf: ({ sandboxVersion }) => sandboxVersion,
      })
    },
  })

  app.route({
    method: 'POST',
    url: collection,
    operation: 'createCheckpoint',
    handlerTimeout: keepingMs,
    schema: createSchema,
    handler: async (request, reply) => {
      const { headers, body } = await once(request, toAnswer, async (transact) => {
        const { id } = await findOwn(request)
        return checkpoints.make(id, request.actor, request.body ?? {}, transact)
      })
      return reply
        .code(201)
        .headers(headers ?? {})
        .send(body)
    },
  })

  app.route({
    method: 'GET',
    url: item,
    operation: 'getCheckpoint',
    schema: readSchema,
    handler: async (request, reply) =>
      answer(reply, await checkpoints.find(await findOwn(request), request.params.checkpointId)),
  })

  app.route({
    method: 'PATCH',
    url: item,
    operation: 'updateCheckpoint',
    schema: editSchema,
    handler: async (request, reply) => {
      const version = requireVersion(request)
      const sandbox = await findOwn(request)
      return answer(
        reply,
        await checkpoints.label(sandbox, request.params.checkpointId, version, request.body),
      )
    },
  })

  app.route({
    method: 'DELETE',
    url: item,
    operation: 'deleteCheckpoint',
    schema: deleteSchema,
    handler: async (request, reply) => {
      const version = requireVersion(request)
      await checkpoints.remove(await findOwn(request), request.params.checkpointId, version)
      return reply.code(204).send()
    },
  })
}
