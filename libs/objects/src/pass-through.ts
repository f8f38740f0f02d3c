import { Readable } from 'node:stream'

/** The source as the generator gives it on. Destroying the stream destroys the source, even when nobody ever read. */
export function passThrough(
  source: Readable,
  read: (source: Readable) => AsyncGenerator<Uint8Array, void>,
): Readable {
  const stream = Readable.from(read(source), { objectMode: false })
  stream.once('close', () => source.destroy())
  return stream
}
