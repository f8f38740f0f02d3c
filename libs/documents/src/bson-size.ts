/** No document whose JSON is smaller has more than 16 MiB as BSON: a number of one digit in an array grows most. */
export const minJsonBytes = 2 * 1024 * 1024

/** How many bytes a JSON value has as BSON, the format of MongoDB, at most. */
export function bsonSize(value: unknown): number {
  if (typeof value === 'string') return 5 + Buffer.byteLength(value)
  if (typeof value === 'number') return 8
  if (typeof value !== 'object' || value === null) return 1
  let bytes = 5
  for (const [member, inner] of Object.entries(value))
    bytes += 3 + Buffer.byteLength(member) + bsonSize(inner)
  return bytes
}
