import type { ForeignHash } from './foreign-hash.ts'

/**
 * How password hashes are written elsewhere:
 *   $pbkdf2-sha256$i=600000$<salt>$<hash>       PHC strings; base64 without padding; also sha1 and sha512
 *   $pbkdf2-sha256$29000$<salt>$<hash>          Passlib; `.` for `+`
 *   pbkdf2_sha256$600000$<salt>$<hash>          Django; the salt as it is; also sha1
 *   pbkdf2:sha256:600000$<salt>$<hash>          Werkzeug; the salt as it is, the hash in hexadecimal
 *   $scrypt$ln=15,r=8,p=1$<salt>$<hash>         PHC strings and Passlib; N = 2^ln
 *   scrypt:32768:8:1$<salt>$<hash>              Werkzeug; N, r, p
 */
interface Format {
  pattern: RegExp
  read: (parts: Record<string, string>) => ForeignHash
}

const digest = '(?<digest>sha1|sha256|sha512)'
const base64 = '[A-Za-z0-9+/]+'
const adapted = '[A-Za-z0-9./]+'
const plain = '[^$\\s]+'
const hex = '(?:[0-9a-f]{2})+'

const pattern = (text: string): RegExp => new RegExp(`^${text}$`)
const fromBase64 = (text = ''): Buffer => Buffer.from(text.replaceAll('.', '+'), 'base64')

const pbkdf2 = (parts: Record<string, string>, salt: Buffer, hash: Buffer): ForeignHash => ({
  kind: 'pbkdf2',
  digest: parts['digest'] ?? 'sha1',
  iterations: Number(parts['iterations']),
  salt,
  hash,
})

const scrypt = (parts: Record<string, string>, cost: number, salt: Buffer, hash: Buffer): ForeignHash => ({
  kind: 'scrypt',
  cost,
  blockSize: Number(parts['r']),
  parallelism: Number(parts['p']),
  salt,
  hash,
})

const formats: Format[] = [
  {
    pattern: pattern(
      `\\$pbkdf2-${digest}\\$i=(?<iterations>\\d{1,7})(?:,l=\\d+)?\\$(?<salt>${base64})\\$(?<hash>${base64})`,
    ),
    read: (it) => pbkdf2(it, fromBase64(it['salt']), fromBase64(it['hash'])),
  },
  {
    pattern: pattern(
      `\\$pbkdf2(?:-${digest})?\\$(?<iterations>\\d{1,7})\\$(?<salt>${adapted})\\$(?<hash>${adapted})`,
    ),
    read: (it) => pbkdf2(it, fromBase64(it['salt']), fromBase64(it['hash'])),
  },
  {
    pattern: pattern(
      `pbkdf2_${digest}\\$(?<iterations>\\d{1,7})\\$(?<salt>${plain})\\$(?<hash>${base64}={0,2})`,
    ),
    read: (it) => pbkdf2(it, Buffer.from(it['salt'] ?? ''), fromBase64(it['hash'])),
  },
  {
    pattern: pattern(`pbkdf2:${digest}:(?<iterations>\\d{1,7})\\$(?<salt>${plain})\\$(?<hash>${hex})`),
    read: (it) => pbkdf2(it, Buffer.from(it['salt'] ?? ''), Buffer.from(it['hash'] ?? '', 'hex')),
  },
  {
    pattern: pattern(
      `\\$scrypt\\$ln=(?<ln>\\d{1,2}),r=(?<r>\\d{1,2}),p=(?<p>\\d{1,2})\\$(?<salt>${base64})\\$(?<hash>${base64})`,
    ),
    read: (it) => scrypt(it, 2 ** Number(it['ln']), fromBase64(it['salt']), fromBase64(it['hash'])),
  },
  {
    pattern: pattern(
      `scrypt:(?<n>\\d{1,9}):(?<r>\\d{1,2}):(?<p>\\d{1,2})\\$(?<salt>${plain})\\$(?<hash>${hex})`,
    ),
    read: (it) =>
      scrypt(it, Number(it['n']), Buffer.from(it['salt'] ?? ''), Buffer.from(it['hash'] ?? '', 'hex')),
  },
]

/** What the text says, or null when it is written in none of these ways. */
export function readForeignHash(encoded: string): ForeignHash | null {
  for (const format of formats) {
    const parts = format.pattern.exec(encoded)?.groups
    if (parts) return format.read(parts)
  }
  return null
}
