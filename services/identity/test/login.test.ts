import { hashSync as bcrypt } from '@node-rs/bcrypt'
import { sql } from '@sandkeep/postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { password, startIdentity, type TestIdentity, unique } from './identity-harness.ts'

const stack = new AsyncDisposableStack()
let identity: TestIdentity
beforeAll(async () => {
  identity = await startIdentity(stack)
})
afterAll(() => stack.disposeAsync())

const hashOf = async (id: string) =>
  (await identity.db.one<{ hash: string }>(sql`select password_hash as hash from users where id = ${id}`))
    ?.hash

describe('signing in', () => {
  test('works with the address and the username, whatever their case', async () => {
    const { email, username } = await identity.person()
    for (const login of [email, email.toUpperCase(), username, username.toUpperCase(), ` ${email} `])
      expect((await identity.signIn(login)).status).toBe(200)
  })

  test('is announced with its session, and remembered', async () => {
    const person = await identity.person()
    const announced = await identity.announced(person.id)
    const { sid } = JSON.parse(Buffer.from(person.accessToken.split('.')[1] ?? '', 'base64url').toString())
    expect(announced.at(-1)).toMatchObject({ type: 'identity.user.logged-in.v1', data: { sessionId: sid } })
    const me = await identity.call({ url: '/v1/me', token: person.accessToken })
    expect(me.body['lastLoginAt']).toEqual(expect.any(String))
    expect(me.headers['etag']).toBe(`"${person.version}"`)
  })

  test('is refused alike for a wrong password and for nobody', async () => {
    const person = await identity.person()
    const known = await identity.signIn(person.email, 'Wrong horse 9')
    const unknown = await identity.signIn('nobody@example.org', 'Wrong horse 9')
    const without = ({ traceId, ...rest }: typeof known.problem) => rest
    expect(known.status).toBe(401)
    expect(without(known.problem)).toEqual(without(unknown.problem))
    expect((await identity.announced(person.id)).at(-1)).toMatchObject({
      type: 'identity.user.login-failed.v1',
      data: { reason: 'LOGIN_FAILURE_WRONG_PASSWORD' },
    })
  })

  test.each(['suspended', 'inactive'] as const)(
    'to an account that is %s tells so only after the right password',
    async (status) => {
      const { id, email } = await identity.person()
      await identity.db.run(sql`update users set status = ${status} where id = ${id}`)
      expect((await identity.signIn(email, 'Wrong horse 9')).problem).toMatchObject({
        code: 'invalid_credentials',
      })
      expect((await identity.signIn(email)).problem).toMatchObject({ status: 403, code: `account_${status}` })
      expect((await identity.announced(id)).at(-1)).toMatchObject({
        data: { reason: 'LOGIN_FAILURE_NOT_ACTIVE' },
      })
    },
  )

  test('with a hash from elsewhere replaces it by one of ours', async () => {
    const username = unique('import')
    const { id } = await identity.accounts.createAccount({
      email: `${username}@example.org`,
      username,
      passwordHash: bcrypt(password, { cost: 4 }),
      emailVerified: true,
    })
    expect((await identity.signIn(username, 'Wrong horse 9')).status).toBe(401)
    expect(await hashOf(id)).toMatch(/^\$2b\$/)
    expect((await identity.signIn(username)).status).toBe(200)
    expect(await hashOf(id)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect((await identity.signIn(username)).status).toBe(200)
  })

  test('with a hash from elsewhere works from several devices at once', async () => {
    const username = unique('import')
    const passwordHash = bcrypt(password, { cost: 4 })
    const email = `${username}@example.org`
    await identity.accounts.createAccount({ email, username, passwordHash, emailVerified: true })
    const answers = await Promise.all(Array.from({ length: 8 }, () => identity.signIn(username)))
    expect(answers.map((it) => it.status)).toEqual(Array(8).fill(200))
  })
})

describe('guessing', () => {
  const guess = (login: string, from = '203.0.113.9', secret = 'Wrong horse 9') =>
    identity.call({ method: 'POST', url: '/v1/auth/login', body: { login, password: secret }, from })

  const guessTimes = async (times: number, login: string, from?: string) => {
    const answers = []
    for (let i = 0; i < times; i += 1) answers.push(await guess(login, from))
    return answers.map((it) => it.status)
  }

  test('is slowed down after five failures, for known and unknown accounts alike', async () => {
    const { email } = await identity.person()
    for (const login of [email, `${unique('nobody')}@example.org`]) {
      expect(await guessTimes(7, login)).toEqual([401, 401, 401, 401, 401, 429, 429])
      const { problem, headers } = await guess(login, undefined, password)
      expect(problem).toMatchObject({ status: 429, code: 'too_many_attempts' })
      expect(Number(headers['retry-after'])).toBeGreaterThan(0)
      expect(Number(headers['retry-after'])).toBeLessThanOrEqual(65)
    }
  })

  test('with the address and the username in turn counts as one', async () => {
    const { email, username } = await identity.person()
    const statuses = []
    for (const login of [email, username, email, username, email, username, email])
      statuses.push((await guess(login)).status)
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429])
  })

  test('in parallel learns no more than in a row: of 25 at once the right one is refused like the wrong', async () => {
    const { email } = await identity.person()
    const wrong = Array.from({ length: 25 }, (_, n) => guess(email, undefined, `Wrong horse ${n}`))
    const right = guess(email, undefined, password)
    const answers = await Promise.all(wrong)
    // 503 where the machine is too busy to hash so many in time.
    expect([429, 503]).toContain((await right).status)
    expect(answers.filter((it) => it.status === 401).length).toBeLessThan(12)
  })

  test('from one address at many accounts is slowed down', async () => {
    const at = (n: number) => guess(`nobody${n}@example.org`, '198.51.100.7')
    for (let from = 0; from < 140; from += 20)
      await Promise.all(Array.from({ length: 20 }, (_, n) => at(from + n)))
    expect((await guess(`${unique('nobody')}@example.org`, '198.51.100.7')).status).toBe(429)
    expect((await guess(`${unique('nobody')}@example.org`, '198.51.100.8')).status).toBe(401)
  })

  test('does not count against people who sign in rightly', async () => {
    const { email } = await identity.person()
    const answers = await Promise.all(Array.from({ length: 12 }, () => identity.signIn(email)))
    expect(new Set(answers.map((it) => it.status))).toEqual(new Set([200]))
  })

  test('that goes on brings the owner one mail, whose link lets the owner past the attack', async () => {
    const { email, id } = await identity.person()
    const attack = () => Promise.all(Array.from({ length: 15 }, (_, n) => guess(email, `192.0.2.${n}`)))
    const signIn = () => guess(email, '203.0.113.200', password)
    await attack()
    expect((await signIn()).status).toBe(429)
    const token = await identity.mailedToken(email, 'unlock')
    const unlock = () =>
      identity.call({ method: 'POST', url: '/v1/auth/unlock', body: { token }, from: '203.0.113.200' })
    expect((await unlock()).status).toBe(204)
    expect((await unlock()).problem).toMatchObject({ status: 422, code: 'token_not_usable' })
    await attack()
    expect((await attack()).map((it) => it.status)).toEqual(Array(15).fill(429))
    expect((await signIn()).status).toBe(200)
    expect((await identity.mails(email)).length).toBe(1)
    expect((await identity.announced(id)).map((it) => it.data['reason'])).toContain(
      'LOGIN_FAILURE_BACKED_OFF',
    )
  })
})
