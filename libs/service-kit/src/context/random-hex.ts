import { randomFillSync } from 'node:crypto'

// Asking the system for a few bytes costs more than all else that is done to give a request its ids.
const drawn = Buffer.alloc(4_096)
let used = drawn.length

/** Random bytes in hexadecimal, from a supply that is drawn from the system many at a time. */
export function randomHex(bytes: number): string {
  if (used + bytes > drawn.length) {
    randomFillSync(drawn)
    used = 0
  }
  used += bytes
  return drawn.toString('hex', used - bytes, used)
}
