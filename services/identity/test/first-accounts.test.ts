import { ConfigError, readConfig } from '@sandkeep/service-kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { configSchema } from '../src/config.ts'
import { startIdentity, type TestIdentity } from './identity-harness.ts'

const stack = new AsyncDisposableStack()
let identity: TestIdentity
beforeAll(async () => {
  const accounts = 'admin:boss@example.org:Otp-28-first-boss student:ann@example.org:Otp-28-first-ann'
  identity = await startIdentity(stack, { env: { FIRST_ACCOUNTS: accounts } })
})
afterAll(() => stack.disposeAsync())

test('a new installation has the accounts that it was told, ready to sign in', async () => {
  const boss = await identity.signIn('boss@example.org', 'Otp-28-first-boss')
  expect(boss.status, boss.text).toBe(200)
  expect(boss.body['user']).toMatchObject({ username: 'boss', role: 'admin', emailVerified: true })
  expect((await identity.signIn('ann', 'Otp-28-first-ann')).status).toBe(200)
})

test('once anybody has an account, none are added', async () => {
  const FIRST_ACCOUNTS = 'admin:late@example.org:Otp-28-too-late'
  const again = await startIdentity(stack, { env: { ...identity.env, FIRST_ACCOUNTS } })
  expect((await again.signIn('late@example.org', 'Otp-28-too-late')).status).toBe(401)
  expect((await again.signIn('ann', 'Otp-28-first-ann')).status).toBe(200)
})

test.each(['admin', 'queen:a@example.org:secret-28', 'admin:nobody:secret-28'])(
  'accounts written as "%s" are refused with the way to write them',
  (text) => {
    const wrong = () => readConfig(configSchema, { ...identity.env, FIRST_ACCOUNTS: text })
    expect(wrong).toThrow(ConfigError)
    expect(wrong).toThrow('FIRST_ACCOUNTS must be role:email:password')
  },
)
