/** Parts of an upload but for the last; at most 10,000 of them make an object. */
export const partBytes = 8 * 1024 * 1024

/** Joins and cuts chunks into parts of exactly `partBytes`, but for the last. An empty body is no part. */
export async function* partsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let pieces: Uint8Array[] = []
  let filled = 0
  for await (const chunk of chunks) {
    for (let taken = 0; taken < chunk.byteLength; ) {
      const piece = chunk.subarray(taken, taken + partBytes - filled)
      pieces.push(piece)
      filled += piece.byteLength
      taken += piece.byteLength
      if (filled < partBytes) continue
      yield join(pieces)
      pieces = []
      filled = 0
    }
  }
  if (filled > 0) yield join(pieces)
}

function join(pieces: Uint8Array[]): Uint8Array {
  const [only] = pieces
  return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces)
}
