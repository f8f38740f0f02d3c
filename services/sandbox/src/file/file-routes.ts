import type { Database } from '@sandkeep/postgres'
import { type App, etag } from '@sandkeep/service-kit'
import type { FindOwn } from '../sandbox/find-own.ts'
import type { SandboxService } from '../sandbox/sandbox-service.ts'
import { transferMs, uploadOf } from '../transfer.ts'
import { expectationOf, isKnown } from './expectation.ts'
import { parsePath } from './file-path.ts'
import { deleteSchema, putSchema, readSchema } from './file-schemas.ts'
import type { FileService } from './file-service.ts'
import { toFileView } from './file-view.ts'
import { harmless } from './harmless.ts'
import { declaredMediaType, mediaTypeOf } from './media-type.ts'

export interface FileRouteParts {
  db: Database
  sandboxes: SandboxService
  files: FileService
  findOwn: FindOwn
}

const url = '/v1/sandboxes/:id/files/*'

const pathOf = (params: { '*': string }) => parsePath(params['*'], '/path/path')

/** Bodies are streams here, whatever their type. */
export async function fileRoutes(app: App, parts: FileRouteParts): Promise<void> {
  const { db, sandboxes, files, findOwn } = parts
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))

  app.route({
    method: 'GET',
    url,
    operation: 'getFile',
    handlerTimeout: transferMs,
    schema: readSchema,
    handler: async (request, reply) => {
      const sandbox = await findOwn(request)
      const { version } = request.query
      const file = await files.find(sandbox, pathOf(request.params), version)
      await sandboxes.touch(sandbox)
      reply.headers({ etag: etag(file.version), 'cache-control': 'private, no-cache', ...harmless })
      if (isKnown(etag(file.version), request.headers['if-none-match'])) return reply.code(304).send()
      reply.headers({ 'content-type': file.mediaType, 'content-length': file.sizeBytes })
      return reply.send(await files.open(file))
    },
  })

  app.route({
    method: 'PUT',
    url,
    operation: 'putFile',
    handlerTimeout: transferMs,
    schema: putSchema,
    handler: async (request, reply) => {
      const path = pathOf(request.params)
      const expected = expectationOf(request.headers)
      const declared = declaredMediaType(request.headers['content-type'])
      const sandbox = await findOwn(request)
      const { file, created } = await files.put(sandbox, request.actor.userId, {
        path,
        mediaType: mediaTypeOf(path, declared),
        body: uploadOf(request),
        ...(expected === undefined ? {} : { expected }),
      })
      reply.header('etag', etag(file.version))
      if (!created) return reply.code(200).send(toFileView(file))
      return reply.code(201).header('location', request.url).send(toFileView(file))
    },
  })

  app.route({
    method: 'DELETE',
    url,
    operation: 'deleteFile',
    schema: deleteSchema,
    handler: async (request, reply) => {
      const path = pathOf(request.params)
      const expected = expectationOf(request.headers)
      const edit = { kind: 'delete' as const, path, ...(expected === undefined ? {} : { expected }) }
      const sandbox = await findOwn(request)
      await files.edit(sandbox, request.actor.userId, [edit], (work) => db.transaction(work))
      return reply.code(204).send()
    },
  })
}
