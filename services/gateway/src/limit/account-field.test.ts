import { expect, test } from 'vitest'
import { accountKey } from './account-field.ts'

const key = (json: unknown) => accountKey(Buffer.from(JSON.stringify(json)))

test('one account has one key, however it is written', () => {
  expect(key({ login: 'Ada@Example.org ' })).toBe(key({ email: 'ada@example.org' }))
  expect(key({ login: 'ada' })).not.toBe(key({ login: 'bob' }))
})

test('the key does not name the account', () => {
  expect(key({ login: 'ada' })).toMatch(/^[\w-]{43}$/)
})

test.each([{}, [], null, 'text', { login: 1 }, { login: { $ne: null } }])(
  '%j is about no account',
  (json) => {
    expect(key(json)).toBeNull()
  },
)

test('what is not JSON is about no account', () => {
  expect(accountKey(Buffer.from('{"login":'))).toBeNull()
  expect(accountKey(Buffer.alloc(0))).toBeNull()
})
