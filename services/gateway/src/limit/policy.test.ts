import { expect, test } from 'vitest'
import { createLimitPolicy, type Subject } from './policy.ts'

const policy = createLimitPolicy({
  authPerAddress: 200,
  authPerAccount: 20,
  readsPerAccount: 6_000,
  writesPerAccount: 1_200,
  requestsPerAddress: 30_000,
})
const subject: Subject = { limit: 'api', method: 'GET', address: '203.0.113.7', account: 'user' }
const names = (of: Subject) => policy(of).counted.map(({ rule, key }) => `${rule.name} ${key}`)

test('reads and writes are counted apart, per account and per address', () => {
  expect(names(subject)).toEqual(['address 203.0.113.7', 'reads user'])
  expect(names({ ...subject, method: 'PATCH' })).toEqual(['address 203.0.113.7', 'writes user'])
})

test('a sign-in is counted per address and per account it names', () => {
  expect(names({ ...subject, limit: 'auth', method: 'POST' })).toEqual([
    'auth 203.0.113.7',
    'auth-account user',
  ])
})

test('without an account the address alone is counted', () => {
  expect(names({ ...subject, account: null })).toEqual(['address 203.0.113.7'])
})

test('with the cache down, reads go through and sign-ins get a quarter', () => {
  expect(policy(subject).localShare).toBeNull()
  expect(policy({ ...subject, method: 'POST' }).localShare).toBe(1)
  expect(policy({ ...subject, limit: 'auth' }).localShare).toBe(0.25)
})
