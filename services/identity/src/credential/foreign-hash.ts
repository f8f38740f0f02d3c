import { pbkdf2, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/**
 * Password hashes that accounts bring from elsewhere, in PHC string format:
 *   $pbkdf2-sha256$i=600000$<salt>$<hash>          also -sha1 and -sha512; base64 without padding
 *   $scrypt$ln=15,r=8,p=1$<salt>$<hash>            N = 2^ln
 * Their cost is bounded, because a login pays for it.
 */
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

const base64 = '[A-Za-z0-9+/]+'
const pbkdf2Pattern = new RegExp(
  `^\\$pbkdf2-(sha1|sha256|sha512)\\$i=(\\d{1,7})(?:,l=\\d+)?\\$(${base64})\\$(${base64})$`,
)
const scryptPattern = new RegExp(
  `^\\$scrypt\\$ln=(\\d{1,2}),r=(\\d{1,2}),p=(\\d{1,2})\\$(${base64})\\$(${base64})$`,
)

const decode = (text = ''): Buffer => Buffer.from(text, 'base64')

function parsePbkdf2(encoded: string): Pbkdf2Hash | null {
  const match = pbkdf2Pattern.exec(encoded)
  if (!match) return null
  const [, digest = '', iterations, salt, hash] = match
  return { kind: 'pbkdf2', digest, iterations: Number(iterations), salt: decode(salt), hash: decode(hash) }
}

function parseScrypt(encoded: string): ScryptHash | null {
  const match = scryptPattern.exec(encoded)
  if (!match) return null
  const [, ln, r, p, salt, hash] = match
  return {
    kind: 'scrypt',
    cost: 2 ** Number(ln),
    blockSize: Number(r),
    parallelism: Number(p),
    salt: decode(salt),
    hash: decode(hash),
  }
}

const scryptMemoryBytes = (it: ScryptHash): number => 128 * it.blockSize * (it.cost + it.parallelism)

function isAffordable(it: ForeignHash): boolean {
  if (it.salt.length < 8 || it.hash.length < 16 || it.hash.length > 64) return false
  if (it.kind === 'pbkdf2') return it.iterations >= 1 && it.iterations <= maxIterations
  return (
    it.cost >= 2 &&
    it.blockSize >= 1 &&
    it.parallelism >= 1 &&
    it.parallelism <= 16 &&
    scryptMemoryBytes(it) <= maxScryptMemoryBytes
  )
}

/** The parsed hash, or null when the text is neither encoding or asks for more work than a login may cost. */
export function parseForeignHash(encoded: string): ForeignHash | null {
  const parsed = parsePbkdf2(encoded) ?? parseScrypt(encoded)
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
