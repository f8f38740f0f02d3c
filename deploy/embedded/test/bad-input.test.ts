import { type Database, newId, sql } from '@sandkeep/postgres'
import { faultsOfRefusal } from '@sandkeep/testkit'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mutationsOf } from './bad-input/mutation.ts'
import { requestOf, type Things } from './bad-input/request.ts'
import { type Operation, operationsOf } from './bad-input/schema.ts'
import { type Call, type Reply, startTestProduct } from './harness.ts'

const stack = new AsyncDisposableStack()
afterAll(() => stack.disposeAsync())
const { call, person, database } = await startTestProduct(stack)
const databases = [await database('identity'), await database('sandbox')]
const owner = await person('admin')
const stranger = await person('student')
const operations = operationsOf((await call({ path: '/openapi.json' })).body)
const things = await makeThings()

async function makeThings(): Promise<Things> {
  const post = (path: string, body: unknown) =>
    call({ method: 'POST', path, body, token: owner.accessToken, headers: { 'idempotency-key': newId() } })
  const sandbox = await post('/v1/sandboxes', { name: 'Mine', type: 'exercise' })
  const sandboxId = String(sandbox.body['id'])
  const path = `/v1/sandboxes/${sandboxId}`
  await call({ method: 'PUT', path: `${path}/files/README.md`, raw: 'text', token: owner.accessToken })
  const checkpoint = await post(`${path}/checkpoints`, { name: 'First', pinned: false })
  const sessions = await call({ path: '/v1/me/sessions', token: owner.accessToken })
  const [session] = Array.isArray(sessions.body['items']) ? sessions.body['items'] : []
  return {
    sandboxId,
    checkpointId: String(checkpoint.body['id']),
    userId: owner.id,
    sessionId: String(session?.id),
    filePath: 'README.md',
  }
}

// Reading a sandbox notes when; nothing else may change.
const digest = async (db: Database) => {
  const tables = await db.query<{ name: string }>(sql`
    select tablename as name from pg_tables where schemaname = 'public' and tablename not like '\\_prisma%' order by 1`)
  const sums = tables.map(({ name }) =>
    db.one<{ sum: string }>(sql`
      select md5(string_agg((to_jsonb(it) - 'last_accessed_at')::text, '|' order by (to_jsonb(it) - 'last_accessed_at')::text)) as sum
      from ${sql.identifier(name)} as it`),
  )
  return (await Promise.all(sums)).map((row, index) => [tables[index]?.name, row?.sum])
}
const everything = () => Promise.all(databases.map(digest))

let before: unknown
beforeEach(async () => {
  before = await everything()
})
afterEach(async () => expect(await everything()).toEqual(before))

async function refused(it: Call, what = ''): Promise<Reply> {
  const reply = await call({ token: owner.accessToken, ...it })
  expect(faultsOfRefusal({ ...reply, contentType: reply.headers.get('content-type') }), what).toEqual([])
  return reply
}

const pointersOf = ({ problem }: Reply) => (problem.errors ?? []).map((it) => it.pointer)
const named = (list: Operation[]) => list.map((it) => [`${it.method} ${it.path}`, it] as const)
const taking = (header: string) =>
  named(operations.filter((it) => it.parameters.some((one) => one.in === 'header' && one.name === header)))

test('the document names every route that the issue asks for', () => {
  expect(operations.length).toBeGreaterThan(50)
})

describe.each(named(operations.filter((it) => it.body !== null)))('%s', (_, operation) => {
  test('refuses every wrong body and names the field', async () => {
    for (const { name, body, pointer } of mutationsOf(operation)) {
      const { body: _valid, ...request } = requestOf(operation, things)
      const reply = await refused(
        { ...request, raw: body, headers: { ...request.headers, 'content-type': 'application/json' } },
        name,
      )
      if (pointer !== null)
        expect(
          pointersOf(reply).some((it) => it === pointer || it.startsWith(`${pointer}/`)),
          `${name}: ${reply.text}`,
        ).toBe(true)
    }
  })

  test('refuses a body that is no JSON by its type', async () => {
    const { body: _, ...request } = requestOf(operation, things)
    const headers = { ...request.headers, 'content-type': 'application/x-www-form-urlencoded' }
    expect((await refused({ ...request, raw: 'a=1', headers })).status).toBe(415)
  })
})

describe.each(named(operations.filter((it) => it.parameters.some((one) => one.in !== 'header'))))(
  '%s',
  (_, operation) => {
    test('refuses every wrong parameter and names it', async () => {
      for (const { name, in: where, schema } of operation.parameters) {
        if (where === 'query') {
          const request = requestOf(operation, things)
          const wrong = `${request.path}${request.path.includes('?') ? '&' : '?'}${name}=%00-1`
          if (
            schema.format === undefined &&
            schema.enum === undefined &&
            name !== 'limit' &&
            name !== 'cursor'
          )
            continue
          expect(pointersOf(await refused({ ...request, path: wrong }, wrong)), wrong).toContain(
            `/query/${name}`,
          )
        }
        if (where === 'path')
          for (const value of [
            '%00',
            '%2e%2e',
            'x'.repeat(3_000),
            ...(name === 'path' ? ['con', '%2fetc'] : ['1', "'%20or%201=1--"]),
          ])
            await refused(requestOf(operation, things, { [name]: value }), `${name}=${value.slice(0, 20)}`)
      }
    })
  },
)

describe.each(taking('if-match'))('%s', (_, operation) => {
  test('refuses a stale version, and one that is none', async () => {
    const request = requestOf(operation, things)
    const stale = await refused(request)
    expect(stale.problem, stale.text).toMatchObject({ status: 412, code: 'stale_version' })
    const malformed = await refused({ ...request, headers: { ...request.headers, 'if-match': '3' } })
    expect(malformed.status, malformed.text).toBe(400)
    expect(pointersOf(malformed)).toEqual(['/headers/if-match'])
  })
})

describe.each(taking('idempotency-key'))('%s', (_, operation) => {
  test('refuses a missing key and one without end', async () => {
    const { headers: { 'idempotency-key': _key, ...headers } = {}, ...request } = requestOf(operation, things)
    for (const key of [{}, { 'idempotency-key': 'x'.repeat(300) }]) {
      const reply = await refused({ ...request, headers: { ...headers, ...key } })
      expect(pointersOf(reply), reply.text).toEqual(['/headers/idempotency-key'])
    }
  })
})

describe.each(named(operations.filter((it) => !it.isPublic)))('%s', (_, operation) => {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const [head = '', claims = '', signature = ''] = owner.accessToken.split('.')
  const other = encode({ ...JSON.parse(Buffer.from(claims, 'base64url').toString()), sub: newId() })

  test('refuses whoever does not say who it is, or lies', async () => {
    const request = requestOf(operation, things)
    const claimed = { 'x-user-id': owner.id, 'x-user-role': 'admin', 'x-forwarded-user': owner.id }
    const service = { 'sandkeep-service': `${encode({ alg: 'none' })}.${encode({ iss: 'gateway' })}.` }
    for (const it of [
      { token: undefined, headers: { ...request.headers, ...claimed, ...service } },
      { token: `${encode({ alg: 'none', typ: 'at+jwt' })}.${claims}.` },
      { token: `${encode({ alg: 'HS256', typ: 'at+jwt' })}.${claims}.${signature}` },
      { token: `${head}.${other}.${signature}` },
      { token: owner.refreshToken },
    ])
      expect((await refused({ ...request, ...it })).status).toBe(401)
  })
})

describe.each(named(operations.filter((it) => it.path.startsWith('/v1/sandboxes/{id}'))))(
  '%s',
  (_, operation) => {
    test('tells a stranger that there is nothing', async () => {
      const reply = await refused({ ...requestOf(operation, things), token: stranger.accessToken })
      expect(reply.status, reply.text).toBe(404)
    })
  },
)

describe.each(named(operations.filter((it) => it.path.startsWith('/v1/users'))))('%s', (_, operation) => {
  test('is not for a student', async () => {
    const reply = await refused({ ...requestOf(operation, things), token: stranger.accessToken })
    expect([403, 404]).toContain(reply.status)
  })
})

test('what is internal cannot be reached from outside', async () => {
  for (const path of [
    '/internal/v1/users',
    `/internal/v1/users/${owner.id}/holdings`,
    '/v1/../internal/v1/users',
  ])
    expect((await refused({ path })).status).toBe(404)
})

test('the prototype of everything is as it was', () => {
  expect(Object.keys(Object.prototype)).toEqual([])
  expect(Object.hasOwn(Object.prototype, 'role')).toBe(false)
})
