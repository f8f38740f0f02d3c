import { answerOf, createClient, type Tokens } from '@sandkeep/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Person, startTestProduct, type TestProduct } from './harness.ts'

const stack = new AsyncDisposableStack()
let it: TestProduct
let person: Person
beforeAll(async () => {
  it = await startTestProduct(stack)
  person = await it.person()
})
afterAll(() => stack.disposeAsync())

const clientWith = (tokens?: Tokens) => createClient({ baseUrl: it.product.url, ...(tokens && { tokens }) })

async function signedIn() {
  const client = clientWith()
  await client.login({ login: person.email, password: person.password })
  return client
}

/** Tokens whose access token has run out, as after a night. */
async function yesterday(): Promise<Tokens> {
  const tokens = (await signedIn()).session.tokens()
  return { accessToken: '', refreshToken: tokens?.refreshToken, expiresAt: 0 }
}

test('a session from yesterday goes on without signing in', async () => {
  const client = clientWith(await yesterday())
  expect(await answerOf(client.api.GET('/v1/me'))).toMatchObject({ id: person.id })
})

test('twenty tabs that renew the same session at once all stay signed in', async () => {
  const tokens = await yesterday()
  const tabs = Array.from({ length: 20 }, () => clientWith(tokens))
  const answers = await Promise.all(tabs.map((tab) => answerOf(tab.api.GET('/v1/me'))))
  expect(answers.map((me) => me.id)).toEqual(tabs.map(() => person.id))
})

test('the session of a browser lives in its cookie, and only for pages of our own', async () => {
  let cookie = ''
  const browser = (origin: string) =>
    createClient({
      baseUrl: it.product.url,
      refreshTokenIn: 'cookie',
      fetch: async (request) => {
        request.headers.set('origin', origin)
        if (new URL(request.url).pathname.startsWith('/v1/auth/')) request.headers.set('cookie', cookie)
        const answer = await fetch(request)
        cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
        return answer
      },
    })
  const page = browser(it.product.url)
  await page.login({ login: person.email, password: person.password })
  expect(page.session.tokens()?.refreshToken).toBeUndefined()
  const reloaded = browser(it.product.url)
  expect(await reloaded.resume()).toBe(true)
  expect(await answerOf(reloaded.api.GET('/v1/me'))).toMatchObject({ id: person.id })
  await expect(browser('https://evil.example').resume()).rejects.toMatchObject({ status: 403 })
  await reloaded.logout()
  expect(await browser(it.product.url).resume()).toBe(false)
})

test('a file in a folder, with a name of any kind, is written and read', async () => {
  const { api } = await signedIn()
  const sandbox = await answerOf(api.POST('/v1/sandboxes', { body: { name: 'Mine', type: 'exercise' } }))
  const bytes = new Uint8Array([0, 255, 10, 13])
  const params = { path: { id: sandbox.id, path: 'src/größe & co.bin' } }
  const headers = { 'content-type': 'application/octet-stream' }
  await answerOf(api.PUT('/v1/sandboxes/{id}/files/{path}', { params, headers, body: bytes }))
  const read = api.GET('/v1/sandboxes/{id}/files/{path}', { params, parseAs: 'arrayBuffer' })
  expect(new Uint8Array(await answerOf(read))).toEqual(bytes)
})

test('a POST that is sent twice happens once', async () => {
  const sent: Request[] = []
  const client = createClient({
    baseUrl: it.product.url,
    // The connection breaks after the service did its work.
    fetch: async (request) => {
      const isFirst = request.url.endsWith('/sandboxes') && sent.every(({ url }) => url !== request.url)
      sent.push(request.clone())
      const answer = await fetch(request)
      if (!isFirst) return answer
      throw new TypeError('connection lost')
    },
  })
  await client.login({ login: person.email, password: person.password })
  const body = { name: 'Once', type: 'exercise' } as const
  const made = await answerOf(client.api.POST('/v1/sandboxes', { body }))
  const { items } = await answerOf(client.api.GET('/v1/sandboxes', { params: { query: { limit: 100 } } }))
  expect(items.filter(({ name }) => name === 'Once').map(({ id }) => id)).toEqual([made.id])
})

test('a refusal is an error that names the field', async () => {
  const { api } = await signedIn()
  const call = answerOf(
    api.PATCH('/v1/me', { params: { header: { 'if-match': '"1"' } }, body: { username: '_a_' } }),
  )
  await expect(call).rejects.toMatchObject({
    name: 'ProblemError',
    status: 400,
    problem: { errors: [expect.objectContaining({ pointer: '/username' })] },
  })
})

test('after logging out the session is over for everybody who held its tokens', async () => {
  const client = await signedIn()
  const tokens = client.session.tokens()
  await client.logout()
  const other = clientWith(tokens ?? undefined)
  await expect.poll(() => answerOf(other.api.GET('/v1/me')).catch((error) => error.status)).toBe(401)
})
