import { attachment, type LinkSigner, type Objects, openLink } from '@sandkeep/objects'
import type { App } from '@sandkeep/service-kit'
import { z } from 'zod'
import { parsePath } from '../file/file-path.ts'
import type { FileService } from '../file/file-service.ts'
import { harmless } from '../file/harmless.ts'
import type { FindOwn } from '../sandbox/find-own.ts'
import { transferMs } from '../transfer.ts'
import { spanOf } from './byte-range.ts'
import { downloadsPath, type FileLinks } from './file-links.ts'
import { DownloadNotFoundError, LinkNotValidError } from './link-errors.ts'

export interface LinkRouteParts {
  files: FileService
  fileLinks: FileLinks
  findOwn: FindOwn
  objects: Objects
  linkSigner: LinkSigner
}

const noQuery = z.strictObject({})

const createSchema = {
  description:
    'A URL from which the bytes of a file, of its current version unless another is named, can be read without a ' +
    'token until it expires: for what a browser saves, or for another program. It is absolute, or a path of this API.',
  params: z.object({ id: z.uuid() }),
  querystring: noQuery,
  body: z.strictObject({
    path: z.string(),
    version: z.int().min(1).max(2_147_483_647).optional(),
    expiresInSeconds: z.int().min(1).max(3_600).default(300),
  }),
  response: {
    200: z.object({ url: z.string(), expiresAt: z.iso.datetime() }).meta({ id: 'FileLink' }),
  },
}

const bytes = z.any().meta({ type: 'string', format: 'binary' })

const readSchema = {
  description:
    'What a link of a file leads to, where the object store has no URLs of its own. Also with HEAD.',
  params: z.object({ '*': z.string().describe('Which object, as the link says') }),
  querystring: z.strictObject({
    expires: z.string().regex(/^\d{1,12}$/),
    type: z.string().optional(),
    name: z.string().optional(),
    signature: z.string(),
  }),
  headers: z.looseObject({ range: z.string().optional().describe('One range of bytes') }),
  produces: ['application/octet-stream'],
  response: { 200: bytes, 206: bytes, 416: z.undefined() },
}

export function linkRoutes(
  app: App,
  { files, fileLinks, findOwn, objects, linkSigner }: LinkRouteParts,
): void {
  app.route({
    method: 'POST',
    url: '/v1/sandboxes/:id/file-links',
    operation: 'createFileLink',
    schema: createSchema,
    handler: async (request) => {
      const { path, version, expiresInSeconds } = request.body
      const sandbox = await findOwn(request)
      const file = await files.find(sandbox, parsePath(path, '/path'), version)
      const { url, expiresAt } = await fileLinks.make(file, expiresInSeconds)
      return { url, expiresAt: expiresAt.toISOString() }
    },
  })

  app.route({
    method: 'GET',
    url: `${downloadsPath}/*`,
    operation: 'download',
    auth: 'public',
    handlerTimeout: transferMs,
    schema: readSchema,
    handler: async (request, reply) => {
      const link = openLink(linkSigner, request.params['*'], request.query, new Date())
      if (link === null) throw new LinkNotValidError()
      const { key, contentType = 'application/octet-stream', fileName } = link
      const found = await objects.stat(key)
      if (found === null) throw new DownloadNotFoundError()
      const span = spanOf(request.headers.range, found.sizeBytes)
      reply.headers({ ...harmless, 'accept-ranges': 'bytes', 'cache-control': 'private, no-store' })
      if (span === 'unsatisfiable') {
        return reply.code(416).header('content-range', `bytes */${found.sizeBytes}`).send()
      }
      const { first, last } = span === 'all' ? { first: 0, last: found.sizeBytes - 1 } : span
      const length = last - first + 1
      const stream = await objects.get(key, { offset: first, length })
      if (stream === null) throw new DownloadNotFoundError()
      if (span !== 'all') reply.code(206).header('content-range', `bytes ${first}-${last}/${found.sizeBytes}`)
      if (fileName !== undefined) reply.header('content-disposition', attachment(fileName))
      return reply.headers({ 'content-type': contentType, 'content-length': length }).send(stream)
    },
  })
}
