import { pbkdf2Sync, scryptSync } from 'node:crypto'
import { hashSync as argon2 } from '@node-rs/argon2'
import { hashSync as bcrypt } from '@node-rs/bcrypt'
import { describe, expect, test } from 'vitest'
import { hashPassword, isImportableHash, needsRehash, verifyPassword } from './password-hash.ts'

const password = 'Correct horse 9'
const salt = Buffer.from('sixteen byte salt')
const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')

const foreign = {
  bcrypt: bcrypt(password, { cost: 4 }),
  'bcrypt 2y': bcrypt(password, { cost: 4, version: '2y' }),
  'pbkdf2-sha256': `$pbkdf2-sha256$i=1000$${base64(salt)}$${base64(pbkdf2Sync(password, salt, 1000, 32, 'sha256'))}`,
  'pbkdf2-sha512': `$pbkdf2-sha512$i=1000,l=64$${base64(salt)}$${base64(pbkdf2Sync(password, salt, 1000, 64, 'sha512'))}`,
  scrypt: `$scrypt$ln=10,r=8,p=2$${base64(salt)}$${base64(scryptSync(password, salt, 32, { N: 1024, r: 8, p: 2 }))}`,
  // Made by Python's hashlib in the ways of Passlib, Django and Werkzeug.
  'pbkdf2 of Passlib':
    '$pbkdf2-sha256$1000$c2l4dGVlbiBieXRlIHNhbA$1ecV4ESI2pEDSb9MHcD7FZbI12auLrImcoa/gKPHB2Y',
  'pbkdf2-sha1 of Passlib': '$pbkdf2$1000$c2l4dGVlbiBieXRlIHNhbA$bvuX2EgtMAUcV2qDQxCYAXeqDng',
  'pbkdf2 of Django':
    'pbkdf2_sha256$1000$KTlXMnbYVQmFhUZqPiS9jL$sS474I/oTYwhwHz0v3hrZ8xlJQLd5rMkj23OJ2IaYHo=',
  'pbkdf2 of Werkzeug':
    'pbkdf2:sha256:1000$aVb1Xq0hN3mKz9Ty$4cdf85dd246ea89d644aae6e110e38209948bfe32fab9347687713191b55a88b',
  'scrypt of Werkzeug':
    'scrypt:32768:8:1$aVb1Xq0hN3mKz9Ty$b439638f2e8ea100b90f9d7ade1989c154c7dda4705dbd6ae86f8817e82fdfec434572a9afa1d11a49619b2fd4ea7323c0b164d5d2878f4891bef9bee2b5c63e',
  'argon2id of another cost': argon2(password, { memoryCost: 8192, timeCost: 1 }),
}

describe.each(Object.entries(foreign))('a hash from elsewhere: %s', (_, encoded) => {
  test('is importable, verifies its password alone, and is to be made anew', async () => {
    expect(isImportableHash(encoded)).toBe(true)
    expect(await verifyPassword(password, encoded)).toBe(true)
    expect(await verifyPassword('Correct horse 8', encoded)).toBe(false)
    expect(needsRehash(encoded)).toBe(true)
  })
})

describe('a hash made here', () => {
  test('is Argon2id with the agreed costs and needs no other', async () => {
    const encoded = await hashPassword(password)
    expect(encoded).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(needsRehash(encoded)).toBe(false)
    expect(await verifyPassword(password, encoded)).toBe(true)
  })

  test('covers every byte of a long password', async () => {
    const long = 'Aa1'.padEnd(1023, 'x')
    expect(await verifyPassword(`${long}y`, await hashPassword(`${long}z`))).toBe(false)
  })
})

describe('not importable', () => {
  test.each([
    ['nothing', ''],
    ['a plain password', password],
    ['an unknown scheme', '$md5$salt$hash'],
    ['bcrypt that would cost seconds', '$2b$20$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzabcde'],
    [
      'scrypt that would take all memory',
      `$scrypt$ln=30,r=8,p=1$${base64(salt)}$${base64(Buffer.alloc(32))}`,
    ],
    ['scrypt of a cost that is no power of two', `scrypt:30000:8:1$aVb1Xq0hN3mKz9Ty$${'ab'.repeat(32)}`],
    [
      'PBKDF2 that would cost minutes',
      `$pbkdf2-sha256$i=9999999$${base64(salt)}$${base64(Buffer.alloc(32))}`,
    ],
    [
      'argon2 that would take all memory',
      '$argon2id$v=19$m=4194304,t=2,p=1$c2l4dGVlbmJ5dGVzYWx0$MTIzNDU2Nzg5MDEyMzQ1Ng',
    ],
  ])('%s', (_, encoded) => {
    expect(isImportableHash(encoded)).toBe(false)
  })
})
