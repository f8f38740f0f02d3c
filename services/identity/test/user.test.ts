import { pbkdf2Sync } from 'node:crypto'
import { sql } from '@sandkeep/postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Person, password, startIdentity, type TestIdentity, unique } from './identity-harness.ts'

const stack = new AsyncDisposableStack()
let identity: TestIdentity
let admin: Person
beforeAll(async () => {
  identity = await startIdentity(stack)
  admin = await identity.person({ role: 'admin' })
})
afterAll(() => stack.disposeAsync())

const create = (fields: object, key: string = unique('key')) =>
  identity.call({
    method: 'POST',
    url: '/v1/users',
    token: admin.accessToken,
    headers: { 'idempotency-key': key },
    body: { email: `${unique('made')}@example.org`, username: unique('made'), ...fields },
  })

const put = (
  id: string,
  what: 'role' | 'status',
  value: string,
  version: number,
  token = admin.accessToken,
) => identity.call({ method: 'PUT', url: `/v1/users/${id}/${what}`, token, version, body: { [what]: value } })

describe('an administrator makes an account', () => {
  test('that can sign in', async () => {
    const made = await create({
      password,
      emailVerified: true,
      role: 'instructor',
      metadata: { class: '7b' },
    })
    expect(made.status, made.text).toBe(201)
    expect(made.headers).toMatchObject({ etag: '"1"', location: `/v1/users/${made.body['id']}` })
    expect(made.body).toMatchObject({ role: 'instructor', metadata: { class: '7b' }, version: 1 })
    expect(made.text).not.toContain('assword')
    expect((await identity.signIn(String(made.body['username']))).status).toBe(200)
  })

  test('once, however often the request is repeated', async () => {
    const fields = { email: `${unique('once')}@example.org`, username: unique('once'), password }
    const [first, second] = [await create(fields, 'same-key'), await create(fields, 'same-key')]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.text).toBe(first.text)
  })

  test('by invitation: whoever reads the mail chooses the password and has confirmed the address', async () => {
    const { body } = await create({})
    const token = await identity.mailedToken(String(body['email']), 'reset_password')
    expect((await identity.signIn(String(body['email']), '!')).status).toBe(401)
    const chosen = { token, password: 'Chosen by me 1' }
    expect(
      (await identity.call({ method: 'POST', url: '/v1/auth/reset-password', body: chosen })).status,
    ).toBe(204)
    expect((await identity.signIn(String(body['email']), 'Chosen by me 1')).status).toBe(200)
  })

  test('with a hash from elsewhere', async () => {
    const salt = Buffer.from('0123456789abcdef')
    const encode = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
    const passwordHash = `$pbkdf2-sha256$i=1000$${encode(salt)}$${encode(pbkdf2Sync(password, salt, 1000, 32, 'sha256'))}`
    const { body } = await create({ passwordHash, emailVerified: true })
    expect((await identity.signIn(String(body['email']))).status).toBe(200)
    expect((await create({ passwordHash: 'md5:123' })).problem).toMatchObject({
      status: 422,
      errors: [{ pointer: '/passwordHash', code: 'password_hash_unsupported' }],
    })
  })

  test('but not a second one of an address or a username, and hears which', async () => {
    const { email, username } = await identity.person()
    const taken = { code: 'email_taken', pointer: '/email', message: 'has already been taken' }
    expect((await create({ email: email.toUpperCase() })).problem).toMatchObject({
      status: 422,
      errors: [taken],
    })
    expect((await create({ email, username: username.toUpperCase() })).problem.errors).toMatchObject([
      taken,
      { code: 'username_taken', message: 'has already been taken' },
    ])
  })
})

describe('the list of users', () => {
  const page = z.object({
    items: z.array(
      z.object({ id: z.string(), username: z.string(), role: z.string(), createdAt: z.string() }),
    ),
    nextCursor: z.string().optional(),
  })
  const list = async (query: string) =>
    page.parse((await identity.call({ url: `/v1/users?${query}`, token: admin.accessToken })).body)

  test('is filtered, newest first, in pages without gap or repeat, also while accounts are made', async () => {
    const made: string[] = []
    for (let i = 0; i < 7; i += 1)
      made.push(String((await create({ role: 'instructor', firstName: 'Zenobia' })).body['id']))
    const seen: string[] = []
    let cursor = ''
    do {
      const { items, nextCursor } = await list(
        `q=zenobia&role=instructor&limit=3${cursor && `&cursor=${cursor}`}`,
      )
      seen.push(...items.map((it) => it.id))
      cursor = nextCursor ?? ''
      await create({ role: 'instructor', firstName: 'Zenobia' })
    } while (cursor !== '')
    expect(seen).toEqual(made.toReversed())
  })

  test('finds the few who are suspended', async () => {
    const { id, version } = await identity.person()
    await put(id, 'status', 'suspended', version)
    expect((await list('status=suspended')).items.map((it) => it.id)).toContain(id)
  })

  test.each([
    'cursor=bm8',
    'limit=0',
    'limit=101',
    'role=king',
    'q=a',
    'offset=3',
    'role=admin&role=student',
  ])('refuses %s', async (query) => {
    const answer = await identity.call({ url: `/v1/users?${query}`, token: admin.accessToken })
    expect(answer.status).toBe(400)
    expect(answer.problem.errors?.[0]?.pointer).toMatch(/^\/query\//)
  })
})

describe('a change', () => {
  test('needs the version that was read, and says when it is not the current one', async () => {
    const { id, version } = await identity.person()
    const edit = (headers: Record<string, string>) =>
      identity.call({
        method: 'PATCH',
        url: `/v1/users/${id}`,
        token: admin.accessToken,
        headers,
        body: { firstName: 'Grace' },
      })
    expect((await edit({})).status).toBe(428)
    expect((await edit({ 'if-match': 'W/"1"' })).status).toBe(400)
    expect((await edit({ 'if-match': `"${version + 7}"` })).problem).toMatchObject({
      status: 412,
      code: 'stale_version',
    })
    const edited = await edit({ 'if-match': `"${version}"` })
    expect(edited.body).toMatchObject({ firstName: 'Grace', version: version + 1 })
    expect(edited.headers['etag']).toBe(`"${version + 1}"`)
    expect((await edit({ 'if-match': `"${version}"` })).status).toBe(412)
  })

  test('of ten at once to the same version, one happens', async () => {
    const { id, version } = await identity.person()
    const edits = Array.from({ length: 10 }, (_, n) =>
      identity.call({
        method: 'PATCH',
        url: `/v1/users/${id}`,
        token: admin.accessToken,
        version,
        body: { lastName: `L${n}` },
      }),
    )
    expect((await Promise.all(edits)).map((it) => it.status).sort()).toEqual([200, ...Array(9).fill(412)])
    expect(
      (await identity.announced(id)).filter((it) => it.type === 'identity.user.updated.v1'),
    ).toHaveLength(1)
  })

  test('of the address must be confirmed again, and makes older links worthless', async () => {
    const person = await identity.person()
    await identity.call({ method: 'POST', url: '/v1/auth/forgot-password', body: { email: person.email } })
    const old = await identity.mailedToken(person.email, 'reset_password')
    const email = `${unique('moved')}@example.org`
    const moved = await identity.call({
      method: 'PATCH',
      url: `/v1/users/${person.id}`,
      token: admin.accessToken,
      version: person.version,
      body: { email },
    })
    expect(moved.body).toMatchObject({ email, emailVerified: false })
    const reset = { token: old, password: 'Another horse 10' }
    expect(
      (await identity.call({ method: 'POST', url: '/v1/auth/reset-password', body: reset })).status,
    ).toBe(422)
    const token = await identity.mailedToken(email, 'verify_email')
    expect(
      (await identity.call({ method: 'POST', url: '/v1/auth/verify-email', body: { token } })).status,
    ).toBe(204)
    expect((await identity.signIn(email)).status).toBe(200)
  })

  test('to a taken address or username is refused with its field', async () => {
    const [one, other] = [await identity.person(), await identity.person()]
    for (const [field, code] of [
      ['email', 'email_taken'],
      ['username', 'username_taken'],
    ] as const) {
      const body = { [field]: other[field].toUpperCase() }
      const url = `/v1/users/${one.id}`
      const { problem } = await identity.call({
        method: 'PATCH',
        url,
        token: admin.accessToken,
        version: 1,
        body,
      })
      expect(problem).toMatchObject({ status: 422, errors: [{ pointer: `/${field}`, code }] })
    }
  })

  test('moves updatedAt by itself', async () => {
    const { id } = await identity.person()
    const read = () => identity.db.one<{ at: Date }>(sql`select updated_at as at from users where id = ${id}`)
    const before = await read()
    await identity.db.run(sql`update users set first_name = 'Ada' where id = ${id}`)
    expect((await read())?.at.getTime()).toBeGreaterThan(before?.at.getTime() ?? 0)
  })
})
