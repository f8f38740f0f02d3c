import { type App, type Cursors, createPages, etag, requireVersion } from '@sandkeep/service-kit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { CreationService } from './creation-service.ts'
import type { FindOwn } from './find-own.ts'
import type { Sandbox } from './sandbox.ts'
import { ForbiddenFieldError } from './sandbox-errors.ts'
import { createSchema, deleteSchema, editSchema, listSchema, readSchema } from './sandbox-schemas.ts'
import type { SandboxService } from './sandbox-service.ts'
import { toSandboxView } from './sandbox-view.ts'

const position = z.object({ createdAt: z.iso.datetime(), id: z.uuid() })

export interface SandboxRouteParts {
  sandboxes: SandboxService
  creations: CreationService
  findOwn: FindOwn
  cursors: Cursors
}

const answer = (reply: FastifyReply, sandbox: Sandbox) => {
  reply.header('etag', etag(sandbox.version))
  return toSandboxView(sandbox)
}

/** Whose sandboxes are meant: one's own, unless one may see anybody's. */
function ownerOf({ access, actor }: FastifyRequest, asked: string | undefined): string | undefined {
  if (asked === 'me') return actor.userId
  if (access === 'any') return asked
  if (asked !== undefined && asked !== actor.userId) throw new ForbiddenFieldError('ownerId', '/query')
  return actor.userId
}

export function sandboxRoutes(app: App, { sandboxes, creations, findOwn, cursors }: SandboxRouteParts): void {
  const pages = createPages(cursors, position)

  app.route({
    method: 'GET',
    url: '/v1/sandboxes',
    operation: 'listSandboxes',
    schema: listSchema,
    handler: async (request) => {
      const { cursor, limit, ownerId, ...filter } = request.query
      const rows = await sandboxes.list(
        { ...filter, ownerId: ownerOf(request, ownerId) },
        { after: pages.start(cursor), limit: limit + 1 },
      )
      return pages.answer(rows, {
        limit,
        view: toSandboxView,
        placeOf: ({ createdAt, id }) => ({ createdAt: createdAt.toISOString(), id }),
      })
    },
  })

  app.route({
    method: 'POST',
    url: '/v1/sandboxes',
    operation: 'createSandbox',
    schema: createSchema,
    handler: async (request, reply) => {
      const { headers = {}, body } = await creations.create(request, request.body)
      return reply.code(201).headers(headers).send(body)
    },
  })

  app.route({
    method: 'GET',
    url: '/v1/sandboxes/:id',
    operation: 'getSandbox',
    schema: readSchema,
    handler: async (request, reply) => {
      const sandbox = await findOwn(request)
      await sandboxes.touch(sandbox)
      return answer(reply, sandbox)
    },
  })

  app.route({
    method: 'PATCH',
    url: '/v1/sandboxes/:id',
    operation: 'updateSandbox',
    schema: editSchema,
    handler: async (request, reply) => {
      const version = requireVersion(request)
      const { id } = await findOwn(request)
      return answer(reply, await sandboxes.update(id, version, request.actor, request.body))
    },
  })

  app.route({
    method: 'DELETE',
    url: '/v1/sandboxes/:id',
    operation: 'deleteSandbox',
    schema: deleteSchema,
    handler: async (request, reply) => {
      const version = requireVersion(request)
      const { id, ownerId } = await findOwn(request)
      return answer(reply, await sandboxes.terminate(id, ownerId, version, request.actor))
    },
  })
}
