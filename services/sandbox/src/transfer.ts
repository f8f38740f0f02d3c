import { PassThrough, Readable } from 'node:stream'

/** Files and archives may take so long on their way, however slow the other end is. */
export const transferMs = 600_000

/**
 * The body of a request as a stream of its own. Giving it up cuts no connection: what still comes is read and
 * dropped, so that a refusal reaches whoever is sending.
 */
export function uploadOf(body: unknown): Readable {
  if (!(body instanceof Readable)) return Readable.from([])
  const upload = new PassThrough()
  body.once('error', (error) => upload.destroy(error))
  upload.once('close', () => body.unpipe(upload).resume())
  return body.pipe(upload)
}
