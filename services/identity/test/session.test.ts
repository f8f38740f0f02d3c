import { sql } from '@sandkeep/postgres'
import { eventually } from '@sandkeep/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Person, password, startIdentity, type TestIdentity } from './identity-harness.ts'

const stack = new AsyncDisposableStack()
let identity: TestIdentity
beforeAll(async () => {
  identity = await startIdentity(stack)
})
afterAll(() => stack.disposeAsync())

const page = z.object({
  items: z.array(z.object({ id: z.string(), current: z.boolean(), network: z.string().optional() })),
  nextCursor: z.string().optional(),
})

const sessionsOf = async (token: string, query = '') => {
  const { body } = await identity.call({ url: `/v1/me/sessions${query}`, token })
  return page.parse(body)
}

const elsewhere = async ({ email }: Person) => String((await identity.signIn(email)).body['accessToken'])
const statusOf = async (token: string) => (await identity.call({ url: '/v1/me', token })).status

describe('the sessions of a person', () => {
  test('are listed with the one that asks marked, and only theirs', async () => {
    const person = await identity.person()
    await elsewhere(person)
    await identity.person()
    const { items } = await sessionsOf(person.accessToken)
    expect(items.map((it) => it.current)).toEqual([false, true])
    expect(items[0]?.network).toBe('127.0.0.0/24')
  })

  test('come page by page', async () => {
    const person = await identity.person()
    for (let i = 0; i < 4; i += 1) await elsewhere(person)
    const seen = new Set<string>()
    let cursor = ''
    for (let pages = 0; pages < 3; pages += 1) {
      const { items, nextCursor = '' } = await sessionsOf(
        person.accessToken,
        `?limit=2${cursor && `&cursor=${cursor}`}`,
      )
      for (const { id } of items) seen.add(id)
      cursor = nextCursor
    }
    expect(seen.size).toBe(5)
    expect(cursor).toBe('')
  })

  test('can be ended one by one, with effect at once', async () => {
    const person = await identity.person()
    const lost = await elsewhere(person)
    const { items } = await sessionsOf(person.accessToken)
    const id = items.find((it) => !it.current)?.id
    const end = () =>
      identity.call({ method: 'DELETE', url: `/v1/me/sessions/${id}`, token: person.accessToken })
    expect((await end()).status).toBe(204)
    expect((await end()).problem).toMatchObject({ status: 404, code: 'session_not_found' })
    expect(await statusOf(lost)).toBe(401)
    expect(await statusOf(person.accessToken)).toBe(200)
  })

  test('are nobody else’s to end', async () => {
    const [one, other] = [await identity.person(), await identity.person()]
    const [session] = (await sessionsOf(one.accessToken)).items
    const url = `/v1/me/sessions/${session?.id}`
    expect((await identity.call({ method: 'DELETE', url, token: other.accessToken })).status).toBe(404)
    expect(await statusOf(one.accessToken)).toBe(200)
  })
})

describe('a new password', () => {
  const change = (token: string, body: object) =>
    identity.call({ method: 'PUT', url: '/v1/me/password', token, body })

  test('needs the current one, ends the other sessions and keeps this one', async () => {
    const person = await identity.person()
    const other = await elsewhere(person)
    const next = 'Another horse 10'
    const wrong = await change(person.accessToken, { currentPassword: 'Wrong horse 9', newPassword: next })
    expect(wrong.problem).toMatchObject({ status: 422, errors: [{ pointer: '/currentPassword' }] })
    const right = await change(person.accessToken, { currentPassword: password, newPassword: next })
    expect(right.status, right.text).toBe(204)
    expect(await statusOf(other)).toBe(401)
    expect(await statusOf(person.accessToken)).toBe(200)
    expect((await identity.signIn(person.email)).status).toBe(401)
    expect((await identity.signIn(person.email, next)).status).toBe(200)
    await eventually(async () => expect((await identity.mails(person.email)).at(-1)).toContain('was changed'))
  })

  test('is held to the rules', async () => {
    const { accessToken, username } = await identity.person({ username: 'Lovelace1815' })
    for (const newPassword of ['password123', `${username}`]) {
      const { problem } = await change(accessToken, { currentPassword: password, newPassword })
      expect(problem).toMatchObject({ status: 422, errors: [{ pointer: '/newPassword' }] })
    }
  })

  test('cannot be guessed at from a stolen session', async () => {
    const { accessToken } = await identity.person()
    const guess = () =>
      change(accessToken, { currentPassword: 'Wrong horse 9', newPassword: 'Another horse 10' })
    for (let i = 0; i < 5; i += 1) expect((await guess()).status).toBe(422)
    expect((await guess()).status).toBe(429)
  })

  test('cannot be guessed at in parallel either: the right one of 25 at once is refused', async () => {
    const { accessToken } = await identity.person()
    const guess = (currentPassword: string) =>
      change(accessToken, { currentPassword, newPassword: 'Another horse 10' })
    const wrong = Array.from({ length: 25 }, (_, n) => guess(`Wrong horse ${n}`))
    const right = guess(password)
    const answers = await Promise.all(wrong)
    expect([429, 503]).toContain((await right).status)
    expect(answers.filter((it) => it.status === 422).length).toBeLessThan(12)
  })
})

describe('a forgotten password', () => {
  const forgot = (email: string) =>
    identity.call({ method: 'POST', url: '/v1/auth/forgot-password', body: { email } })
  const reset = (token: string, secret: string) =>
    identity.call({ method: 'POST', url: '/v1/auth/reset-password', body: { token, password: secret } })

  test('is answered alike for known and unknown addresses, and mailed to the known', async () => {
    const { email } = await identity.person()
    const [known, unknown] = [await forgot(email), await forgot('nobody@example.org')]
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text])
    expect(await identity.mailedToken(email, 'reset_password')).toHaveLength(64)
    expect(await identity.mails('nobody@example.org')).toEqual([])
  })

  test('is replaced once by the link, which ends every session', async () => {
    const person = await identity.person()
    await forgot(person.email)
    const token = await identity.mailedToken(person.email, 'reset_password')
    expect((await reset(token, 'password123')).status).toBe(422)
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => reset(token, `Another horse ${n}`)),
    )
    expect(answers.filter((it) => it.status === 204)).toHaveLength(1)
    expect(answers.filter((it) => it.problem.code === 'token_not_usable')).toHaveLength(9)
    expect(await statusOf(person.accessToken)).toBe(401)
    const won = answers.findIndex((it) => it.status === 204)
    expect((await identity.signIn(person.email, `Another horse ${won}`)).status).toBe(200)
  })

  test('cannot be replaced by an expired link, a link for something else, or one made up', async () => {
    const person = await identity.person()
    await forgot(person.email)
    const token = await identity.mailedToken(person.email, 'reset_password')
    await identity.db.run(sql`update one_time_tokens set expires_at = now() where user_id = ${person.id}`)
    const verify = { method: 'POST', url: '/v1/auth/verify-email', body: { token } } as const
    expect((await identity.call(verify)).problem).toMatchObject({ code: 'token_not_usable' })
    for (const bad of [token, 'A'.repeat(64), ''])
      expect((await reset(bad, 'Another horse 10')).problem).toMatchObject({
        status: 422,
        errors: [{ pointer: '/token' }],
      })
    expect((await identity.signIn(person.email)).status).toBe(200)
  })
})

test('the confirmation is mailed again to whom it misses, and to nobody else', async () => {
  const person = await identity.person()
  const body = { email: person.email }
  const resend = () => identity.call({ method: 'POST', url: '/v1/auth/resend-verification', body })
  expect((await resend()).status).toBe(202)
  expect(await identity.mails(person.email)).toEqual([])
  await identity.db.run(sql`update users set email_verified = false where id = ${person.id}`)
  expect((await resend()).status).toBe(202)
  const token = await identity.mailedToken(person.email, 'verify_email')
  const verify = () => identity.call({ method: 'POST', url: '/v1/auth/verify-email', body: { token } })
  expect((await verify()).status).toBe(204)
  expect((await verify()).status).toBe(422)
  expect((await identity.announced(person.id)).at(-1)).toMatchObject({
    type: 'identity.user.email-verified.v1',
    version: 2,
  })
})
