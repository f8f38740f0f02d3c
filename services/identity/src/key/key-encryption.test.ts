import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { decrypt, encrypt } from './key-encryption.ts'

const key = randomBytes(32)
const sealed = encrypt(key, 'first', 'the private half')

test('what was encrypted is read back', () => {
  expect(decrypt(key, 'first', sealed)).toBe('the private half')
  expect(sealed.includes('private')).toBe(false)
})

test('another key, another name or a changed byte is refused', () => {
  const changed = Buffer.from(sealed)
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
  expect(() => decrypt(randomBytes(32), 'first', sealed)).toThrow()
  expect(() => decrypt(key, 'second', sealed)).toThrow()
  expect(() => decrypt(key, 'first', changed)).toThrow()
})
