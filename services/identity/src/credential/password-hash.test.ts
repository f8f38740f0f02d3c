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
