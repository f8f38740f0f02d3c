import type { ObjectBody } from './objects.ts'

/** Chunks of a body, whatever kind it is; a stream that gives anything but bytes or text is refused. */
export async function* chunksOf(body: ObjectBody): AsyncGenerator<Uint8Array, void> {
  if (body instanceof Uint8Array) return yield body
  for await (const chunk of body) {
    if (typeof chunk === 'string') yield Buffer.from(chunk)
    else if (chunk instanceof Uint8Array) yield chunk
    else throw new TypeError('An object body is a stream of bytes')
  }
}
