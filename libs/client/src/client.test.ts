import { expect, test } from 'vitest'
import { answerOf, createClient } from './client.ts'
import type { Tokens } from './session.ts'

const problem = (status: number, code: string) =>
  Response.json({ type: '/x', title: 'No', status, code, detail: 'Because.' }, { status })
const tokenAnswer = (name: string) => ({
  accessToken: name,
  expiresInSeconds: 300,
  refreshToken: `${name}-refresh`,
})

/** An API that knows two tokens after each other. */
function api({ current = 'first', isEnded = false } = {}) {
  const asked: string[] = []
  let valid = current
  const fetch = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url)
    asked.push(`${request.method} ${pathname}`)
    if (pathname === '/v1/auth/login') return Response.json({ ...tokenAnswer(valid), user: { id: 'ada' } })
    if (pathname === '/v1/auth/logout') return new Response(null, { status: 204 })
    if (pathname === '/v1/auth/refresh') {
      if (isEnded) return problem(401, 'refresh_token_invalid')
      valid = 'second'
      return Response.json(tokenAnswer(valid))
    }
    const isSigned = request.headers.get('authorization') === `Bearer ${valid}`
    return isSigned ? Response.json({ id: 'ada' }) : problem(401, 'token_expired')
  }
  return { asked, fetch }
}

test('who has signed in makes calls in that name', async () => {
  const { fetch, asked } = api()
  const client = createClient({ baseUrl: 'http://api.test', fetch })
  expect(await client.login({ login: 'ada', password: 'secret' })).toMatchObject({ id: 'ada' })
  expect(await answerOf(client.api.GET('/v1/me'))).toMatchObject({ id: 'ada' })
  expect(asked).toEqual(['POST /v1/auth/login', 'GET /v1/me'])
})

test('a token that has expired is renewed once for all calls, and kept', async () => {
  const { fetch, asked } = api({ current: 'second' })
  const kept: (Tokens | null)[] = []
  const tokens = { accessToken: 'first', refreshToken: 'r', expiresAt: 0 }
  const client = createClient({ baseUrl: 'http://api.test', fetch, tokens, onTokens: (it) => kept.push(it) })
  await Promise.all(Array.from({ length: 20 }, () => answerOf(client.api.GET('/v1/me'))))
  expect(asked.filter((it) => it === 'POST /v1/auth/refresh')).toHaveLength(1)
  expect(kept).toMatchObject([{ accessToken: 'second', refreshToken: 'second-refresh' }])
})

test('a session that has ended shows as the refusal of the call', async () => {
  const { fetch } = api({ isEnded: true })
  const tokens = { accessToken: 'old', refreshToken: 'r', expiresAt: Number.MAX_SAFE_INTEGER }
  const client = createClient({ baseUrl: 'http://api.test', fetch, tokens })
  await expect(answerOf(client.api.GET('/v1/me'))).rejects.toMatchObject({
    name: 'ProblemError',
    status: 401,
    code: 'token_expired',
    message: '401 token_expired: Because.',
  })
  expect(client.session.tokens()).toBeNull()
})

test.each([
  [false, true],
  [true, false],
])('a page that is loaded again goes on if its cookie is still good (ended: %s)', async (isEnded, goesOn) => {
  const { fetch } = api({ isEnded })
  const client = createClient({ baseUrl: 'http://api.test', fetch, refreshTokenIn: 'cookie' })
  expect(await client.resume()).toBe(goesOn)
  expect(client.session.tokens()?.accessToken).toBe(goesOn ? 'second' : undefined)
})

test('after logging out calls are made in nobody’s name', async () => {
  const { fetch } = api()
  const client = createClient({ baseUrl: 'http://api.test', fetch })
  await client.login({ login: 'ada', password: 'secret' })
  await client.logout()
  await expect(answerOf(client.api.GET('/v1/me'))).rejects.toMatchObject({ status: 401 })
})

test('what answers in other words than the API is an error too', async () => {
  const fetch = async () => new Response('<h1>Bad gateway</h1>', { status: 502, statusText: 'Bad Gateway' })
  const client = createClient({ baseUrl: 'http://api.test', fetch })
  await expect(answerOf(client.api.GET('/v1/me'))).rejects.toMatchObject({ status: 502, code: 'unknown' })
})
