import { PassThrough, Readable } from 'node:stream'
import { HttpError } from '@sandkeep/service-kit'
import type { FastifyRequest } from 'fastify'

/** What is kept are the bytes that came, so they must be those of the file. */
class EncodedUploadError extends HttpError {
  override readonly name = 'EncodedUploadError'
  constructor() {
    const message = 'must be absent: send the bytes as they are'
    super(415, {
      kind: 'malformed',
      code: 'content_encoding_not_supported',
      message: `Content-Encoding ${message}.`,
      errors: [{ pointer: '/headers/content-encoding', code: 'not_supported', message }],
    })
  }
}

/** Files and archives may take so long on their way, however slow the other end is. */
export const transferMs = 600_000

/**
 * The body of a request as a stream of its own; refused when it is compressed. Giving it up cuts no connection: what still comes is read and
 * dropped, so that a refusal reaches whoever is sending.
 */
export function uploadOf({ body, headers }: Pick<FastifyRequest, 'body' | 'headers'>): Readable {
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') throw new EncodedUploadError()
  if (!(body instanceof Readable)) return Readable.from([])
  const upload = new PassThrough()
  body.once('error', (error) => upload.destroy(error))
  upload.once('close', () => body.unpipe(upload).resume())
  return body.pipe(upload)
}
