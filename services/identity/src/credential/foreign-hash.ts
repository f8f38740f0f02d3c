import { pbkdf2, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { readForeignHash } from './foreign-hash-formats.ts'

interface Encoded {
  salt: Buffer
  hash: Buffer
}

interface Pbkdf2Hash extends Encoded {
  kind: 'pbkdf2'
  digest: string
  iterations: number
}

interface ScryptHash extends Encoded {
  kind: 'scrypt'
  cost: number
  blockSize: number
  parallelism: number
}

export type ForeignHash = Pbkdf2Hash | ScryptHash

const maxIterations = 5_000_000
const maxScryptMemoryBytes = 256 * 1024 * 1024

const derivePbkdf2 = promisify(pbkdf2)
const deriveScrypt = promisify<
  string,
  Buffer,
  number,
  { N: number; r: number; p: number; maxmem: number },
  Buffer
>(scrypt)

const scryptMemoryBytes = (it: ScryptHash): number => 128 * it.blockSize * (it.cost + it.parallelism)

function isAffordable(it: ForeignHash): boolean {
  if (it.salt.length < 8 || it.hash.length < 16 || it.hash.length > 64) return false
  if (it.kind === 'pbkdf2') return it.iterations >= 1 && it.iterations <= maxIterations
  return (
    it.cost >= 2 &&
    Number.isInteger(Math.log2(it.cost)) &&
    it.blockSize >= 1 &&
    it.parallelism >= 1 &&
    it.parallelism <= 16 &&
    scryptMemoryBytes(it) <= maxScryptMemoryBytes
  )
}

/** The parsed hash, or null when the text is none that is known or asks for more work than a login may cost. */
export function parseForeignHash(encoded: string): ForeignHash | null {
  const parsed = readForeignHash(encoded)
  return parsed && isAffordable(parsed) ? parsed : null
}

const derive = (it: ForeignHash, password: string): Promise<Buffer> =>
  it.kind === 'pbkdf2'
    ? derivePbkdf2(password, it.salt, it.iterations, it.hash.length, it.digest)
    : deriveScrypt(password, it.salt, it.hash.length, {
        N: it.cost,
        r: it.blockSize,
        p: it.parallelism,
        maxmem: scryptMemoryBytes(it) + 1024 * 1024,
      })

export const verifyForeignHash = async (it: ForeignHash, password: string): Promise<boolean> =>
  timingSafeEqual(await derive(it, password), it.hash)
