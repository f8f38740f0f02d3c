import { sql } from '@sandkeep/postgres'
import { capturedLogs, comeAgain, eventually } from '@sandkeep/testkit'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { password, startIdentity, type TestIdentity, unique } from './identity-harness.ts'

const stack = new AsyncDisposableStack()
const logs = capturedLogs()
let identity: TestIdentity
beforeAll(async () => {
  identity = await startIdentity(stack, { log: pino({ level: 'debug' }, logs) })
})
afterAll(() => stack.disposeAsync())

const register = (fields: object) =>
  identity.call({
    method: 'POST',
    url: '/v1/auth/register',
    body: { email: `${unique('new')}@example.org`, username: unique('new'), password, ...fields },
  })

describe('a registration is refused with its field and rule', () => {
  test.each([
    ['password123', 'must contain at least one uppercase letter'],
    ['PASSWORD123', 'must contain at least one lowercase letter'],
    ['Passwordless', 'must contain at least one number'],
    ['Short1', 'must be at least 8 characters long'],
    ['Password123', 'is one of the most used passwords and the first to be guessed; choose another'],
  ])('password %s %s', async (weak, message) => {
    const { problem } = await register({ password: weak })
    expect(problem).toMatchObject({ status: 422, errors: [{ pointer: '/password', message }] })
  })

  test('a username that somebody has, whatever its case', async () => {
    const taken = await identity.person()
    const { problem } = await register({ username: taken.username.toUpperCase() })
    expect(problem).toMatchObject({
      status: 422,
      errors: [{ pointer: '/username', code: 'username_taken', message: 'has already been taken' }],
    })
  })

  test('a reserved username', async () => {
    const { problem } = await register({ username: 'Admin' })
    expect(problem).toMatchObject({ status: 422, errors: [{ code: 'username_reserved' }] })
  })

  test.each([
    ['two addresses', { email: 'a@example.org,b@example.org' }, '/email'],
    ['an address with a name', { email: 'Ada <a@example.org>' }, '/email'],
    ['an address without a dot', { email: 'a@example' }, '/email'],
    ['an address too long in lower case', { email: `${'İ'.repeat(200)}@x.io` }, '/email'],
    ['a username of two characters', { username: 'ab' }, '/username'],
    ['a username of 51 characters', { username: 'a'.repeat(51) }, '/username'],
    ['a username that looks like an address', { username: 'a@b.c' }, '/username'],
    ['a role', { role: 'admin' }, '/role'],
    ['a name with a line break', { firstName: 'Ada\r\nBcc: x@y.z' }, '/firstName'],
  ])('%s', async (_, fields, pointer) => {
    const { problem } = await register(fields)
    expect(problem).toMatchObject({ status: 400, errors: [{ pointer }] })
  })
})

describe('an address that has an account', () => {
  test('gets the same answer as a new one, and its owner is told', async () => {
    const owner = await identity.person()
    const known = await register({ email: owner.email.toUpperCase() })
    const fresh = await register({})
    expect(known.status).toBe(202)
    expect({ status: known.status, text: known.text }).toEqual({ status: fresh.status, text: fresh.text })
    const [mail] = await eventually(async () => {
      const mails = await identity.mails(owner.email)
      expect(mails).toHaveLength(1)
      return mails
    })
    expect(mail).toContain('you already have an account')
    expect(await identity.announced(owner.id)).toMatchObject([
      { type: 'identity.user.registered.v1' },
      { type: 'identity.user.logged-in.v1' },
    ])
  })

  test('does not show by its username being free afterwards', async () => {
    const owner = await identity.person()
    const [username, other] = [unique('free'), unique('free')]
    await register({ email: owner.email, username })
    await register({ username: other })
    const [afterKnown, afterNew] = [await register({ username }), await register({ username: other })]
    expect(afterKnown.problem.errors).toEqual(afterNew.problem.errors)
    expect(afterKnown.problem).toMatchObject({ status: 422, errors: [{ code: 'username_taken' }] })
  })

  test('is mailed a few times an hour, however often strangers ask', async () => {
    const owner = await identity.person()
    for (let i = 0; i < 7; i += 1) expect((await register({ email: owner.email })).status).toBe(202)
    const kinds = sql`select count(*)::int as count from one_time_tokens where user_id = ${owner.id}`
    expect(await identity.db.one(kinds)).toEqual({ count: 5 })
  })

  test('that waits to be confirmed goes to whoever reads its mail, not to who came first', async () => {
    const email = `${unique('victim')}@example.org`
    await register({ email, password: 'Attackers choice 1' })
    await register({ email })
    const token = await identity.mailedToken(email, 'reset_password')
    const body = { token, password: 'Owners choice 22' }
    expect((await identity.call({ method: 'POST', url: '/v1/auth/reset-password', body })).status).toBe(204)
    expect((await identity.signIn(email, 'Attackers choice 1')).status).toBe(401)
    expect((await identity.signIn(email, 'Owners choice 22')).status).toBe(200)
  })
})

test('100 registrations at once all succeed', async () => {
  const answers = await Promise.all(Array.from({ length: 100 }, () => comeAgain(() => register({}))))
  expect(answers.map((it) => it.status)).toEqual(Array(100).fill(202))
})

test('of 20 registrations of one username at once, one gets it', async () => {
  const username = unique('race')
  const answers = await Promise.all(Array.from({ length: 20 }, () => comeAgain(() => register({ username }))))
  expect(answers.filter((it) => it.status === 202)).toHaveLength(1)
  expect(answers.filter((it) => it.problem.errors?.[0]?.code === 'username_taken')).toHaveLength(19)
})

test('of 20 registrations of one address at once, one makes the account and all get the same answer', async () => {
  const email = `${unique('race')}@example.org`
  const answers = await Promise.all(Array.from({ length: 20 }, () => register({ email })))
  expect(new Set(answers.map((it) => it.text)).size).toBe(1)
  expect(await identity.db.query(sql`select from users where email = ${email}`)).toHaveLength(1)
})

test('no password and no link is written to the log', async () => {
  const email = `${unique('quiet')}@example.org`
  await register({ email, password: 'Unheard of 77' })
  const token = await identity.mailedToken(email, 'verify_email')
  await identity.signIn(email, 'Unheard of 78')
  logs.assertNone(['Unheard of 77', 'Unheard of 78', token])
})
