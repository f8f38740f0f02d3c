import { sql } from '@sandkeep/postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { password, publicUrl, startIdentity, type TestIdentity } from './identity-harness.ts'

const stack = new AsyncDisposableStack()
let identity: TestIdentity
beforeAll(async () => {
  identity = await startIdentity(stack)
})
afterAll(() => stack.disposeAsync())

const refresh = (refreshToken: unknown) =>
  identity.call({ method: 'POST', url: '/v1/auth/refresh', body: { refreshToken } })

const me = (token: unknown) => identity.call({ url: '/v1/me', token: String(token) })

describe('refreshing', () => {
  test('takes turns: each answer has the next token', async () => {
    const { refreshToken: first } = await identity.person()
    const second = (await refresh(first)).body['refreshToken']
    const third = (await refresh(second)).body['refreshToken']
    expect(new Set([first, second, third]).size).toBe(3)
    expect((await me((await refresh(third)).body['accessToken'])).status).toBe(200)
  })

  test('by 20 tabs at once signs none of them out', async () => {
    const { refreshToken } = await identity.person()
    for (let token: unknown = refreshToken, round = 0; round < 3; round += 1) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(token)))
      expect(answers.map((it) => it.status)).toEqual(Array(20).fill(200))
      const next = new Set(answers.map((it) => it.body['refreshToken']))
      expect(next.size).toBe(1)
      token = [...next][0]
    }
  })

  test('with the token before the current one gives the current one and takes no turn', async () => {
    const { refreshToken: first } = await identity.person()
    const second = (await refresh(first)).body['refreshToken']
    expect((await refresh(first)).body['refreshToken']).toBe(second)
    expect((await refresh(first)).body['refreshToken']).toBe(second)
    expect((await refresh(second)).status).toBe(200)
  })

  test('with an older token ends the session for whoever holds any of its tokens', async () => {
    const { refreshToken: first, accessToken } = await identity.person()
    const second = (await refresh(first)).body['refreshToken']
    const third = (await refresh(second)).body
    expect((await refresh(first)).problem).toMatchObject({ status: 401, code: 'refresh_token_reused' })
    for (const token of [first, second, third['refreshToken']])
      expect((await refresh(token)).problem).toMatchObject({ status: 401, code: 'refresh_token_invalid' })
    expect((await me(third['accessToken'])).status).toBe(401)
    expect((await me(accessToken)).status).toBe(401)
  })

  test.each([
    ['nothing', {}],
    ['a made-up token', { refreshToken: 'A'.repeat(70) }],
    ['an access token', { refreshToken: 'eyJhbGciOiJFZERTQSJ9.e30.c2ln' }],
  ])('with %s is refused', async (_, body) => {
    const answer = await identity.call({ method: 'POST', url: '/v1/auth/refresh', body })
    expect(answer.problem).toMatchObject({ status: 401, code: 'refresh_token_invalid' })
  })

  test.each([
    ['a week without use', sql`last_used_at = now() - interval '7 days'`],
    ['thirty days', sql`expires_at = now()`],
  ])('after %s is refused', async (_, change) => {
    const { refreshToken, id } = await identity.person()
    await identity.db.run(sql`update sessions set ${change} where user_id = ${id}`)
    expect((await refresh(refreshToken)).problem).toMatchObject({ code: 'refresh_token_invalid' })
  })

  test('of an account that was suspended meanwhile is refused', async () => {
    const { refreshToken, id } = await identity.person()
    await identity.db.run(sql`update users set status = 'suspended' where id = ${id}`)
    expect((await refresh(refreshToken)).problem).toMatchObject({ code: 'refresh_token_invalid' })
  })
})

describe('a browser', () => {
  const signIn = (login: string, origin?: string) =>
    identity.call({
      method: 'POST',
      url: '/v1/auth/login',
      body: { login, password, refreshTokenIn: 'cookie' },
      headers: origin === undefined ? {} : { origin },
    })
  const withCookie = (url: string, cookie: string, origin = publicUrl) =>
    identity.call({ method: 'POST', url, headers: { cookie, origin } })
  const cookieOf = (headers: Record<string, unknown>): string =>
    String(headers['set-cookie']).split(';')[0] ?? ''

  test('gets its refresh token in a cookie that no script and no other site can use', async () => {
    const { email } = await identity.person()
    const { headers, body } = await signIn(email, publicUrl)
    expect(body).not.toHaveProperty('refreshToken')
    expect(headers['set-cookie']).toMatch(/^sandkeep_refresh=[\w-]{70};/)
    for (const attribute of ['Path=/v1/auth', 'HttpOnly', 'Secure', 'SameSite=Strict', 'Expires='])
      expect(headers['set-cookie']).toContain(attribute)
    expect(headers['cache-control']).toBe('no-store')

    const refreshed = await withCookie('/v1/auth/refresh', cookieOf(headers))
    expect(refreshed.status).toBe(200)
    expect(refreshed.body).not.toHaveProperty('refreshToken')
    expect(cookieOf(refreshed.headers)).not.toBe(cookieOf(headers))
  })

  test.each([undefined, 'https://evil.example', 'null', `${publicUrl}.evil.example`])(
    'of origin %s neither gets nor uses the cookie',
    async (origin) => {
      const { email } = await identity.person()
      expect((await signIn(email, origin)).problem).toMatchObject({ status: 403, code: 'origin_not_allowed' })
      const cookie = cookieOf((await signIn(email, publicUrl)).headers)
      for (const url of ['/v1/auth/refresh', '/v1/auth/logout'])
        expect((await withCookie(url, cookie, origin ?? '')).problem).toMatchObject({
          code: 'origin_not_allowed',
        })
      expect((await withCookie('/v1/auth/refresh', cookie)).status).toBe(200)
    },
  )

  test('that signs out loses the cookie and the session', async () => {
    const { email } = await identity.person()
    const { headers, body } = await signIn(email, publicUrl)
    const out = await withCookie('/v1/auth/logout', cookieOf(headers))
    expect(out.status).toBe(204)
    expect(out.headers['set-cookie']).toMatch(/^sandkeep_refresh=;.*Expires=Thu, 01 Jan 1970/)
    expect((await withCookie('/v1/auth/refresh', cookieOf(headers))).status).toBe(401)
    expect((await me(body['accessToken'])).status).toBe(401)
  })
})

describe('signing out', () => {
  test('ends the session at once, and may be repeated', async () => {
    const { refreshToken, accessToken } = await identity.person()
    const out = () => identity.call({ method: 'POST', url: '/v1/auth/logout', body: { refreshToken } })
    expect((await out()).status).toBe(204)
    expect((await out()).status).toBe(204)
    expect((await refresh(refreshToken)).status).toBe(401)
    expect((await me(accessToken)).problem).toMatchObject({ status: 401, code: 'token_invalid' })
  })

  test('with nothing to sign out of is fine', async () => {
    const { status, headers } = await identity.call({ method: 'POST', url: '/v1/auth/logout' })
    expect(status).toBe(204)
    expect(headers).not.toHaveProperty('set-cookie')
  })
})
