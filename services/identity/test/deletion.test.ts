import { once } from 'node:events'
import { createServer } from 'node:http'
import { sql } from '@sandkeep/postgres'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Person, startIdentity, type TestIdentity } from './identity-harness.ts'

const stack = new AsyncDisposableStack()
let identity: TestIdentity
let admin: Person

/** What the owner of sandboxes says, one answer after the other; the last one stays. */
let answers: { status: number; body: unknown }[] = []
const asked: string[] = []
const silence = { status: 0, body: {} }
const holding = (count: number) => ({
  status: 200,
  body: { items: [{ kind: 'sandboxes', count, sample: count > 0 ? ['first', 'second'] : [] }] },
})

beforeAll(async () => {
  const owner = createServer((request, reply) => {
    asked.push(`${request.url} ${typeof request.headers['sandkeep-service']}`)
    const { status, body } = (answers.length > 1 ? answers.shift() : answers[0]) ?? holding(0)
    if (status === silence.status) return
    reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  stack.defer(() => {
    owner.closeAllConnections()
    owner.close()
  })
  await once(owner.listen(0, '127.0.0.1'), 'listening')
  const address = owner.address()
  const port = typeof address === 'object' ? address?.port : undefined
  identity = await startIdentity(stack, { env: { HOLDINGS_URLS: `sandbox=http://127.0.0.1:${port}` } })
  admin = await identity.person({ role: 'admin' })
})
afterAll(() => stack.disposeAsync())
beforeEach(() => {
  answers = [holding(0)]
  asked.length = 0
})

const remove = ({ id, version }: Pick<Person, 'id' | 'version'>, query = '') =>
  identity.call({ method: 'DELETE', url: `/v1/users/${id}${query}`, token: admin.accessToken, version })
const read = (id: string) => identity.call({ url: `/v1/users/${id}`, token: admin.accessToken })

test('an account on which something lives stays as it is, and the answer says what', async () => {
  answers = [holding(3)]
  const person = await identity.person()
  const { problem } = await remove(person)
  expect(problem).toMatchObject({
    status: 409,
    code: 'user_has_holdings',
    errors: [{ code: 'holding', message: 'sandbox: 3 sandboxes, for instance first, second' }],
  })
  expect(problem.detail).toContain('3 sandboxes (sandbox)')
  expect((await read(person.id)).body).toMatchObject({ status: 'active', version: person.version })
  expect((await identity.call({ url: '/v1/me', token: person.accessToken })).status).toBe(200)
  expect(asked).toEqual([`/internal/v1/users/${person.id}/holdings string`])
})

test.each([
  ['fails', { status: 500, body: {} }],
  ['does not know the question', { status: 404, body: {} }],
  ['answers something else', { status: 200, body: { count: 0 } }],
  ['says nothing', silence],
])('an owner that %s is not taken for "nothing"', async (_, answer) => {
  answers = [answer]
  const person = await identity.person()
  const { problem, headers } = await remove(person)
  expect(problem).toMatchObject({ status: 503, code: 'service_unavailable' })
  expect(headers['retry-after']).toBeDefined()
  expect((await read(person.id)).body).toMatchObject({ status: 'active' })
})

test('an account on which nothing lives is closed, announced and gone, with all that hung on it', async () => {
  const person = await identity.person()
  expect((await remove(person)).status).toBe(204)
  expect((await read(person.id)).status).toBe(404)
  expect((await identity.call({ url: '/v1/me', token: person.accessToken })).status).toBe(401)
  expect((await identity.signIn(person.email)).status).toBe(401)
  for (const table of ['user_profiles', 'sessions', 'one_time_tokens', 'mails'])
    expect(
      await identity.db.query(sql`select from ${sql.identifier(table)} where user_id = ${person.id}`),
    ).toEqual([])
  expect((await identity.announced(person.id)).at(-1)).toMatchObject({
    type: 'identity.user.status-changed.v1',
    data: { status: 'USER_STATUS_INACTIVE' },
  })
})

test('what is begun while the owners are asked keeps the account, open as before', async () => {
  answers = [holding(0), holding(1)]
  const person = await identity.person()
  expect((await remove(person)).problem).toMatchObject({ status: 409, code: 'user_has_holdings' })
  expect((await read(person.id)).body).toMatchObject({ status: 'active', version: person.version + 2 })
  expect((await identity.signIn(person.email)).status).toBe(200)
})

test('a stale version, no version and an unknown parameter are refused', async () => {
  const person = await identity.person()
  expect((await remove({ ...person, version: 7 })).status).toBe(412)
  expect((await remove(person, '?cascade=true')).status).toBe(400)
  const url = `/v1/users/${person.id}`
  expect((await identity.call({ method: 'DELETE', url, token: admin.accessToken })).status).toBe(428)
  expect((await read(person.id)).status).toBe(200)
})
