import { type App, etag, requireVersion } from '@sandkeep/service-kit'
import { z } from 'zod'
import { replacedView, toReplacedAnswer } from '../checkpoint/restore-view.ts'
import { ifMatch } from '../headers.ts'
import type { FindOwn } from '../sandbox/find-own.ts'
import type { SandboxService } from '../sandbox/sandbox-service.ts'
import { transferMs, uploadOf } from '../transfer.ts'
import type { ArchiveService } from './archive-service.ts'

export interface ArchiveRouteParts {
  sandboxes: SandboxService
  archives: ArchiveService
  findOwn: FindOwn
}

const params = z.object({ id: z.uuid() })
const noQuery = z.strictObject({})
const mediaType = 'application/zip'
const zip = z.any().meta({ type: 'string', format: 'binary' })

const exportSchema = {
  description: 'The files as they are now. Equal files make equal archives.',
  params,
  querystring: noQuery,
  produces: [mediaType],
  response: { 200: zip },
}

const importSchema = {
  description: 'Takes the files of a zip (the body) in place of the sandbox’s, all or none.',
  params,
  headers: ifMatch,
  querystring: noQuery,
  consumes: [mediaType],
  body: zip,
  response: { 200: replacedView },
}

/** Bodies are zip files here. */
export async function archiveRoutes(app: App, parts: ArchiveRouteParts): Promise<void> {
  const { sandboxes, archives, findOwn } = parts
  app.removeAllContentTypeParsers()
  app.addContentTypeParser([mediaType, 'application/octet-stream'], (_request, payload, done) =>
    done(null, payload),
  )

  app.route({
    method: 'GET',
    url: '/v1/sandboxes/:id/export.zip',
    operation: 'exportSandbox',
    handlerTimeout: transferMs,
    schema: exportSchema,
    handler: async (request, reply) => {
      const sandbox = await findOwn(request)
      await sandboxes.touch(sandbox)
      return reply
        .headers({
          'content-type': mediaType,
          'content-disposition': `attachment; filename="sandbox-${sandbox.id}.zip"`,
          etag: etag(sandbox.version),
        })
        .send(await archives.export(sandbox))
    },
  })

  app.route({
    method: 'PUT',
    url: '/v1/sandboxes/:id/import',
    operation: 'importSandbox',
    handlerTimeout: transferMs,
    schema: importSchema,
    handler: async (request, reply) => {
      const version = requireVersion(request)
      const sandbox = await findOwn(request)
      const upload = uploadOf(request)
      const done = toReplacedAnswer(await archives.import(sandbox, request.actor, version, upload))
      return reply.headers(done.headers).send(done.body)
    },
  })
}
