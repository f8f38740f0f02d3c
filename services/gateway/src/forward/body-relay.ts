import type { IncomingMessage } from 'node:http'
import { Transform } from 'node:stream'
import { BodyTooLargeError } from './forward-errors.ts'

/** Whether the request announces a body. */
export function hasBody(request: IncomingMessage): boolean {
  const length = request.headers['content-length']
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
}

/** Refuses a body that announces more than the route takes, before any of it is read. */
export function refuseLargeBody(request: IncomingMessage, maxBytes: number): void {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw new BodyTooLargeError(maxBytes)
}

/**
 * The request's body as a stream of its own. undici destroys the body it is given when a request fails; destroying the
 * incoming message would take the client's socket with it, and with that the answer.
 */
export function relayBody(request: IncomingMessage, maxBytes: number): Transform {
  let bytes = 0
  const relay = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > maxBytes) done(new BodyTooLargeError(maxBytes))
      else done(null, chunk)
    },
  })
  const abort = (): void => void relay.destroy()
  request.once('aborted', abort)
  // What the service no longer wants is read and dropped, so that the client can finish and read the answer.
  relay.once('close', () => {
    request.off('aborted', abort)
    request.unpipe(relay)
    request.resume()
  })
  return request.pipe(relay)
}
