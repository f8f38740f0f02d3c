import { join } from 'node:path'
import { newId, sql } from '@sandkeep/postgres'
import { comeAgain, eventually, tempDirectory } from '@sandkeep/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mailedToken } from '../src/demo/mailbox.ts'
import { type Call, startTestProduct, type TestProduct } from './harness.ts'

const stack = new AsyncDisposableStack()
const password = 'Correct horse 9'
let running = new AsyncDisposableStack()
let dataDirectory = ''
let it: TestProduct
beforeAll(async () => {
  dataDirectory = join(await tempDirectory(stack), 'data')
  it = await startTestProduct(running, { dataDirectory })
})
afterAll(async () => {
  await running.disposeAsync()
  await stack.disposeAsync()
})

const post = (path: string, body: unknown, more: Partial<Call> = {}) =>
  it.call({ method: 'POST', path, body, ...more })
const register = (email: string, username: string) => post('/v1/auth/register', { email, username, password })

test('a hundred people who register at once all get in', async () => {
  const people = Array.from({ length: 100 }, (_, n) => ({
    email: `crowd${n}@example.org`,
    username: `crowd-${n}`,
  }))
  const replies = await Promise.all(
    people.map(({ email, username }) => comeAgain(() => register(email, username))),
  )
  expect(replies.map(({ status }) => status)).toEqual(people.map(() => 202))
  for (const { email } of people) {
    const token = await mailedToken(it.product.directory.mail, email, 'verify_email')
    expect((await post('/v1/auth/verify-email', { token })).status).toBe(204)
  }
  const sandbox = await it.database('sandbox')
  await eventually(async () =>
    expect(
      await sandbox.one(sql`select count(*) as n from account_refs where username like 'crowd-%'`),
    ).toEqual({ n: 100 }),
  )
})

describe('a learner', () => {
  const email = 'learner@example.org'
  let tokens = { accessToken: '', refreshToken: '' }
  const keep = (body: Record<string, unknown>) => {
    tokens = { accessToken: String(body['accessToken']), refreshToken: String(body['refreshToken']) }
  }

  test('registers, confirms the address once, and signs in', async () => {
    expect((await register(email, 'learner')).status).toBe(202)
    const token = await mailedToken(it.product.directory.mail, email, 'verify_email')
    expect((await post('/v1/auth/verify-email', { token })).status).toBe(204)
    const login = await it.signIn(email, password)
    expect(login.body['user']).toMatchObject({ email, emailVerified: true, role: 'student' })
    keep(login.body)
  })

  test('is not signed out by twenty tabs that refresh at once', async () => {
    const { refreshToken } = tokens
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => post('/v1/auth/refresh', { refreshToken })),
    )
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))
    keep(replies[0]?.body ?? {})
  })

  test('makes one sandbox of a request that is repeated, and none of a key used twice', async () => {
    const key = newId()
    const make = (name: string) =>
      post(
        '/v1/sandboxes',
        { name, type: 'exercise' },
        { token: tokens.accessToken, headers: { 'idempotency-key': key } },
      )
    const [first, second] = [await make('Mine'), await make('Mine')]
    expect(second.body).toEqual(first.body)
    expect((await make('Another')).problem).toMatchObject({ status: 422, code: 'idempotency_key_reused' })
    expect((await it.call({ path: '/v1/sandboxes', token: tokens.accessToken })).body['items']).toHaveLength(
      1,
    )
  })

  test('finds everything again after a restart, and is still signed in', async () => {
    const list = () => it.call({ path: '/v1/sandboxes', token: tokens.accessToken })
    const [sandbox] = Object(await list()).body.items
    const file = { path: `/v1/sandboxes/${sandbox.id}/files/src/hello.erl`, token: tokens.accessToken }
    expect(
      (
        await it.call({
          ...file,
          method: 'PUT',
          raw: '-module(hello).\n',
          headers: { 'content-type': 'text/plain' },
        })
      ).status,
    ).toBe(201)
    const before = (await list()).body
    await running.disposeAsync()
    running = new AsyncDisposableStack()
    it = await startTestProduct(running, { dataDirectory })
    expect((await list()).body).toEqual(before)
    expect((await it.call(file)).text).toBe('-module(hello).\n')
    const refreshed = await post('/v1/auth/refresh', { refreshToken: tokens.refreshToken })
    expect(refreshed.status, refreshed.text).toBe(200)
  })

  test('hands on a link to a file, which anybody may open for a while', async () => {
    const [sandbox] = Object(await it.call({ path: '/v1/sandboxes', token: tokens.accessToken })).body.items
    const asked = { path: 'src/hello.erl' }
    const link = await post(`/v1/sandboxes/${sandbox.id}/file-links`, asked, { token: tokens.accessToken })
    expect(link.status, link.text).toBe(200)
    const path = String(link.body['url'])
    expect(await it.call({ path, headers: { range: 'bytes=0-6' } })).toMatchObject({
      status: 206,
      text: '-module',
    })
    expect((await it.call({ path: path.replace(/expires=\d/, 'expires=9') })).problem).toMatchObject({
      status: 403,
      code: 'link_not_valid',
    })
  })

  test('is signed out everywhere when a refresh token comes back that was replaced long ago', async () => {
    const old = tokens.refreshToken
    for (let turn = 0; turn < 2; turn++)
      keep((await post('/v1/auth/refresh', { refreshToken: tokens.refreshToken })).body)
    expect((await post('/v1/auth/refresh', { refreshToken: old })).status).toBe(401)
    expect((await post('/v1/auth/refresh', { refreshToken: tokens.refreshToken })).status).toBe(401)
    await eventually(
      async () =>
        expect((await it.call({ path: '/v1/sandboxes', token: tokens.accessToken })).status).toBe(401),
      { timeoutMs: 1_000 },
    )
  })

  test('cannot use a mailed link a second time', async () => {
    const token = await mailedToken(it.product.directory.mail, email, 'verify_email')
    const again = await post('/v1/auth/verify-email', { token })
    expect([401, 409, 422], again.text).toContain(again.status)
    await post('/v1/auth/forgot-password', { email })
    const reset = await mailedToken(it.product.directory.mail, email, 'reset_password')
    const choose = () => post('/v1/auth/reset-password', { token: reset, password: 'Another horse 9' })
    expect((await choose()).status).toBe(204)
    expect((await choose()).status).toBeGreaterThanOrEqual(400)
    expect((await it.signIn(email, password)).status).toBe(401)
    expect((await it.signIn(email, 'Another horse 9')).status).toBe(200)
  })
})
