import { SignJWT } from 'jose'
import { afterEach, expect, test, vi } from 'vitest'
import { testSecret } from '../testing.ts'
import { createServiceTokens } from './service-token.ts'

afterEach(() => void vi.useRealTimers())

const secret = testSecret()
const gateway = createServiceTokens({ name: 'gateway', secret })
const identity = createServiceTokens({ name: 'identity', secret })
const refused = { code: 'service_token_invalid', kind: 'unauthenticated' }
const minute = 60_000

test('a token names its service to the one it is for', async () => {
  expect(await identity.callerOf(await gateway.tokenFor('identity'))).toBe('gateway')
})

test('a token for another service is refused', async () => {
  await expect(identity.callerOf(await gateway.tokenFor('sandbox'))).rejects.toMatchObject(refused)
})

test('a token under another secret is refused', async () => {
  const stranger = createServiceTokens({ name: 'gateway', secret: testSecret() })
  await expect(identity.callerOf(await stranger.tokenFor('identity'))).rejects.toMatchObject(refused)
})

test('a token lives five minutes, also when it is remembered', async () => {
  const token = await gateway.tokenFor('identity')
  await identity.callerOf(token)
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5 * minute + 1_000 })
  await expect(identity.callerOf(token)).rejects.toMatchObject(refused)
})

test('a token is used again until its last minute, and then replaced', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
  const first = await gateway.tokenFor('sandbox')
  vi.setSystemTime(Date.now() + 3 * minute)
  expect(await gateway.tokenFor('sandbox')).toBe(first)
  vi.setSystemTime(Date.now() + 2 * minute)
  expect(await gateway.tokenFor('sandbox')).not.toBe(first)
})

const key = new TextEncoder().encode(secret.reveal())
const good = { iss: 'gateway', aud: 'identity', exp: Math.floor(Date.now() / 1_000) + 60 }

test.each<[string, Record<string, string>, Record<string, unknown>]>([
  ['of a person', { typ: 'at+jwt' }, {}],
  ['of another algorithm', { alg: 'HS512' }, {}],
  ['that never expires', {}, { exp: undefined }],
  ['of nobody', {}, { iss: undefined }],
])('a token %s is refused', async (_name, header, claims) => {
  const token = await new SignJWT({ ...good, ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'service+jwt', ...header })
    .sign(key)
  await expect(identity.callerOf(token)).rejects.toMatchObject(refused)
})
