import { sql } from '@sandkeep/postgres'
import { eventually } from '@sandkeep/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { password, startIdentity, type TestIdentity } from './identity-harness.ts'

const stack = new AsyncDisposableStack()
let identity: TestIdentity
beforeAll(async () => {
  identity = await startIdentity(stack)
})
afterAll(() => stack.disposeAsync())

test('a person registers, confirms the address, signs in, is known, and stays signed in, and the world is told', async () => {
  const { call, mailedToken, signIn } = identity
  const account = { email: 'Ada@Example.org', username: 'Ada', password, firstName: 'Ada' }
  const registered = await call({ method: 'POST', url: '/v1/auth/register', body: account })
  expect(registered.status, registered.text).toBe(202)

  expect((await signIn('ada')).problem).toMatchObject({ status: 403, code: 'email_not_verified' })
  const token = await mailedToken('ada@example.org', 'verify_email')
  expect((await call({ method: 'POST', url: '/v1/auth/verify-email', body: { token } })).status).toBe(204)

  const signedIn = await signIn('ADA')
  expect(signedIn.body).toMatchObject({
    tokenType: 'Bearer',
    expiresInSeconds: 300,
    user: {
      email: 'ada@example.org',
      username: 'Ada',
      role: 'student',
      status: 'active',
      emailVerified: true,
    },
  })

  const me = await call({ url: '/v1/me', token: String(signedIn.body['accessToken']) })
  expect(me.status, me.text).toBe(200)
  expect(me.headers['etag']).toBe('"2"')
  expect(me.body).toMatchObject({ firstName: 'Ada', version: 2, achievements: [], skillLevels: {} })

  const { refreshToken } = signedIn.body
  const refreshed = await call({ method: 'POST', url: '/v1/auth/refresh', body: { refreshToken } })
  expect(refreshed.status, refreshed.text).toBe(200)
  await eventually(async () => {
    expect(await identity.db.query(sql`select from messaging.outbox`)).toEqual([])
    const published = await identity.db.query<{ type: string }>(
      sql`select type from messaging.event_log order by position`,
    )
    expect(published.map((it) => it.type)).toEqual([
      'identity.user.registered.v1',
      'identity.user.login-failed.v1',
      'identity.user.email-verified.v1',
      'identity.user.logged-in.v1',
    ])
  })
  const still = await call({ url: '/v1/me', token: String(refreshed.body['accessToken']) })
  expect(still.status).toBe(200)
})
