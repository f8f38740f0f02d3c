import { newId, sql } from '@sandkeep/postgres'
import { badBodies, faultsOfRefusal, notIds, otherKinds } from '@sandkeep/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Call,
  type Person,
  password,
  publicUrl,
  startIdentity,
  type TestIdentity,
} from './identity-harness.ts'

const stack = new AsyncDisposableStack()
let identity: TestIdentity
let admin: Person
beforeAll(async () => {
  identity = await startIdentity(stack)
  admin = await identity.person({ role: 'admin' })
})
afterAll(() => stack.disposeAsync())

const email = 'someone@example.org'
const token = 'A'.repeat(64)
const user = () => `/v1/users/${admin.id}`
const stale = { version: 999 }

// Each is right but for what a test puts into it.
const withBody: Record<string, () => Call & { body: Record<string, unknown> }> = {
  register: () => ({
    method: 'POST',
    url: '/v1/auth/register',
    body: { email, username: 'someone', password, firstName: 'A', lastName: 'B' },
  }),
  verifyEmail: () => ({ method: 'POST', url: '/v1/auth/verify-email', body: { token } }),
  resendVerification: () => ({ method: 'POST', url: '/v1/auth/resend-verification', body: { email } }),
  login: () => ({
    method: 'POST',
    url: '/v1/auth/login',
    body: { login: email, password, refreshTokenIn: 'body' },
  }),
  refresh: () => ({ method: 'POST', url: '/v1/auth/refresh', body: { refreshToken: token } }),
  logout: () => ({ method: 'POST', url: '/v1/auth/logout', body: { refreshToken: token } }),
  forgotPassword: () => ({ method: 'POST', url: '/v1/auth/forgot-password', body: { email } }),
  resetPassword: () => ({ method: 'POST', url: '/v1/auth/reset-password', body: { token, password } }),
  unlock: () => ({ method: 'POST', url: '/v1/auth/unlock', body: { token } }),
  updateMe: () => ({
    method: 'PATCH',
    url: '/v1/me',
    ...stale,
    body: { username: 'someone', firstName: 'A', lastName: 'B', bio: 'C', learningPreferences: {} },
  }),
  changeMyPassword: () => ({
    method: 'PUT',
    url: '/v1/me/password',
    body: { currentPassword: 'x', newPassword: password },
  }),
  createUser: () => ({
    method: 'POST',
    url: '/v1/users',
    headers: { 'idempotency-key': newId() },
    body: {
      email,
      username: 'someone',
      password,
      firstName: 'A',
      lastName: 'B',
      role: 'student',
      status: 'active',
      emailVerified: true,
      metadata: {},
    },
  }),
  updateUser: () => ({
    method: 'PATCH',
    url: user(),
    ...stale,
    body: { email, username: 'someone', firstName: 'A', lastName: 'B', metadata: {} },
  }),
  changeUserRole: () => ({ method: 'PUT', url: `${user()}/role`, ...stale, body: { role: 'student' } }),
  changeUserStatus: () => ({ method: 'PUT', url: `${user()}/status`, ...stale, body: { status: 'active' } }),
}

/** A digest of all that identity keeps of people. */
async function everything(): Promise<string> {
  const row = await identity.db.one<{ all: string }>(sql`
    select md5(coalesce((select json_agg(u order by id)::text from users u), '')
      || coalesce((select json_agg(p order by user_id)::text from user_profiles p), '')
      || coalesce((select json_agg(s order by id)::text from sessions s), '')) as all`)
  return row?.all ?? ''
}

async function refused(call: Call): Promise<void> {
  const answer = await identity.call({ token: admin.accessToken, ...call })
  expect(faultsOfRefusal({ ...answer, contentType: String(answer.headers['content-type']) })).toEqual([])
}

const post = (call: Call, payload: string, type = 'application/json') =>
  identity.call({
    token: admin.accessToken,
    ...call,
    body: payload,
    headers: { ...call.headers, 'content-type': type },
  })

describe.each(Object.entries(withBody))('%s', (_, valid) => {
  test('refuses each field with a value of another kind, an unknown field, and no fields', async () => {
    const before = await everything()
    for (const field of Object.keys(valid().body))
      for (const value of otherKinds) {
        const isObject = ['metadata', 'learningPreferences'].includes(field) && !Array.isArray(value)
        if (!(isObject && typeof value === 'object'))
          await refused({ ...valid(), body: { ...valid().body, [field]: value } })
      }
    const unknown = await identity.call({
      token: admin.accessToken,
      ...valid(),
      body: { ...valid().body, isAdmin: true },
    })
    expect(unknown.problem).toMatchObject({
      status: 400,
      errors: [{ pointer: '/isAdmin', code: 'unknown_field' }],
    })
    expect(await everything()).toBe(before)
  })

  test('refuses text that no database can hold, and text without end', async () => {
    for (const field of Object.keys(valid().body))
      for (const value of ['a\0b', 'x'.repeat(5000)])
        await refused({ ...valid(), body: { ...valid().body, [field]: value } })
  })

  test('refuses what is no JSON, too deep, too large, or after the prototype', async () => {
    const before = await everything()
    const [field = ''] = Object.keys(valid().body)
    for (const [text, status] of badBodies(field, 1_100_000)) {
      const answer = await post(valid(), text)
      expect(answer.status, `${text.slice(0, 40)}: ${answer.text}`).toBe(status)
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
    }
    expect((await post(valid(), 'a=1', 'application/x-www-form-urlencoded')).status).toBe(415)
    expect(Object.hasOwn(Object.prototype, 'isAdmin')).toBe(false)
    expect(await everything()).toBe(before)
  })
})

describe('an id that is none', () => {
  test.each(notIds)('%s is refused', async (id) => {
    const at = encodeURIComponent(id)
    for (const call of [
      { url: `/v1/users/${at}` },
      { method: 'PATCH', url: `/v1/users/${at}`, ...stale, body: {} },
      { method: 'DELETE', url: `/v1/users/${at}`, ...stale },
      { method: 'PUT', url: `/v1/users/${at}/role`, ...stale, body: { role: 'student' } },
      { method: 'PUT', url: `/v1/users/${at}/status`, ...stale, body: { status: 'active' } },
      { method: 'DELETE', url: `/v1/me/sessions/${at}` },
    ] as const)
      await refused(call)
  })

  test('of nobody is not found', async () => {
    const answer = await identity.call({ url: `/v1/users/${newId()}`, token: admin.accessToken })
    expect(answer.problem).toMatchObject({ status: 404, code: 'user_not_found' })
  })
})

describe('deep inside free JSON', () => {
  const edit = (metadata: unknown) =>
    identity.call({ method: 'PATCH', url: user(), token: admin.accessToken, ...stale, body: { metadata } })

  test.each([
    ['NUL in a value', { a: [{ b: 'x\0' }] }],
    ['NUL in a key', { 'a\0': 1 }],
    ['half a character', { a: '\ud800' }],
    ['more than 16 KiB', { a: 'x'.repeat(17_000) }],
  ])('%s is refused', async (_, metadata) => {
    expect((await edit(metadata)).problem).toMatchObject({ status: 400, errors: [{ pointer: '/metadata' }] })
  })

  test('what looks like NUL is not', async () => {
    expect((await edit({ a: '\\u0000', b: '\ud83d\ude00' })).status).toBe(412)
  })
})

describe('headers', () => {
  test('that only claim who asks change nothing', async () => {
    const headers = { 'x-user-id': admin.id, 'x-user-role': 'admin', 'x-forwarded-user': admin.id }
    expect((await identity.call({ url: '/v1/users', headers })).status).toBe(401)
    const forged = { ...headers, 'sandkeep-service': 'eyJhbGciOiJub25lIn0.eyJpc3MiOiJnYXRld2F5In0.' }
    expect((await identity.call({ url: '/internal/v1/users', headers: forged })).status).toBe(401)
  })

  test('with an unsigned or wrongly signed token open nothing', async () => {
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const [head = '', claims = '', signature = ''] = admin.accessToken.split('.')
    const forged = encode({
      ...JSON.parse(Buffer.from(claims, 'base64url').toString()),
      role: 'admin',
      sub: newId(),
    })
    for (const it of [
      `${encode({ alg: 'none', typ: 'at+jwt' })}.${claims}.`,
      `${encode({ alg: 'HS256', typ: 'at+jwt' })}.${claims}.${signature}`,
      `${head}.${forged}.${signature}`,
      admin.refreshToken,
    ])
      expect((await identity.call({ url: '/v1/me', token: it })).problem).toMatchObject({ status: 401 })
  })

  test('that claim another address do not spread guesses', async () => {
    const guess = (n: number) =>
      identity.call({
        method: 'POST',
        url: '/v1/auth/login',
        body: { login: `nobody${n}@example.org`, password: 'Wrong horse 9' },
        from: '198.51.100.77',
        headers: { 'x-forwarded-for': `192.0.2.${n % 250}`, origin: publicUrl },
      })
    for (let from = 0; from < 140; from += 20)
      await Promise.all(Array.from({ length: 20 }, (_, n) => guess(from + n)))
    expect((await guess(999)).status).toBe(429)
  })
})
