import { newId, sql } from '@sandkeep/postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Call, type Person, startSandbox, type TestSandbox } from './sandbox-harness.ts'

const stack = new AsyncDisposableStack()
let it: TestSandbox
let owner: Person
let id: string
let checkpointId: string
beforeAll(async () => {
  it = await startSandbox(stack)
  owner = await it.person()
  id = (await it.create(owner)).id
  await it.put(owner, id, 'a.txt', 'text')
  const kept = await it.call({ method: 'POST', url: `${at()}/checkpoints`, as: owner })
  checkpointId = String(kept.body['id'])
})
afterAll(() => stack.disposeAsync())

const at = (sandboxId = id) => `/v1/sandboxes/${sandboxId}`
const stale = { version: 999 }

// Each is right but for what a test puts into it.
const withBody: Record<string, () => Call & { body: Record<string, unknown> }> = {
  createSandbox: () => ({
    method: 'POST',
    url: '/v1/sandboxes',
    body: {
      name: 'A',
      description: 'B',
      type: 'exercise',
      resourceLimits: { maxMemoryBytes: 268_435_456, maxProcesses: 5_000, maxExecutionSeconds: 300 },
      configuration: {},
      metadata: {},
      expiresAt: it.clock.now().toISOString(),
      ownerId: owner.id,
    },
  }),
  updateSandbox: () => ({
    method: 'PATCH',
    url: at(),
    ...stale,
    body: { name: 'A', description: 'B', configuration: {}, metadata: {} },
  }),
  extendSandbox: () => ({
    method: 'POST',
    url: `${at()}/extend`,
    body: { expiresAt: it.clock.now().toISOString() },
  }),
  moveFile: () => ({
    method: 'POST',
    url: `${at()}/files/move`,
    body: { from: 'a.txt', to: 'b.txt', ifVersion: 9 },
  }),
  changeFiles: () => ({
    method: 'POST',
    url: `${at()}/changes`,
    body: { changes: [{ path: 'a.txt', content: 'x', ifVersion: 9 }] },
  }),
  updateCheckpoint: () => ({
    method: 'PATCH',
    url: `${at()}/checkpoints/${checkpointId}`,
    ...stale,
    body: { name: 'A', pinned: true },
  }),
  restoreSandbox: () => ({ method: 'POST', url: `${at()}/restore`, body: { checkpointId: newId() } }),
  forkSandbox: () => ({
    method: 'POST',
    url: `${at()}/forks`,
    body: { name: 'A', description: 'B', checkpointId: newId() },
  }),
}

/** A digest of all that the service keeps of its people's work. */
async function everything(): Promise<string> {
  const row = await it.db.one<{ all: string }>(sql`
    select md5(coalesce((select json_agg(s order by id)::text from sandboxes s), '')
      || coalesce((select json_agg(f order by id)::text from file_versions f), '')
      || coalesce((select json_agg(t order by sandbox_id, path_key)::text from tree_entries t), '')
      || coalesce((select json_agg(c order by id)::text from sandbox_states c), '')
      || (select count(*) from messaging.outbox) || (select count(*) from messaging.event_log)) as all`)
  return row?.all ?? ''
}

async function refused(call: Call) {
  const answer = await it.call({ as: owner, ...call })
  expect(answer.status, `${call.url} ${JSON.stringify(call.body)}: ${answer.text}`).toBeGreaterThanOrEqual(
    400,
  )
  expect(answer.status, `${call.url} ${JSON.stringify(call.body)}: ${answer.text}`).toBeLessThan(500)
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
  expect(answer.problem).toMatchObject({ status: answer.status, code: expect.stringMatching(/^[a-z_]+$/) })
  expect(answer.text).not.toMatch(/node_modules|\.ts:|at \w+ \(|select |relation /)
  return answer.problem
}

const isFree = (field: string) => ['metadata', 'configuration'].includes(field)

describe.each(Object.entries(withBody))('%s', (_, valid) => {
  const withField = (field: string, value: unknown) => ({
    ...valid(),
    body: { ...valid().body, [field]: value },
  })

  test('refuses each field with a value of another kind and an unknown field, by its name', async () => {
    const before = await everything()
    for (const field of Object.keys(valid().body))
      for (const value of [42, [], ['a'], Number.MAX_VALUE, { $ne: null }]) {
        if (isFree(field) && !Array.isArray(value) && typeof value === 'object') continue
        if (field === 'ifVersion' && value === 42) continue
        const problem = await refused(withField(field, value))
        if (problem.status !== 400) continue
        expect(problem.errors?.some(({ pointer }) => pointer.startsWith(`/${field}`))).toBe(true)
      }
    expect(await refused(withField('isAdmin', true))).toMatchObject({
      status: 400,
      errors: [{ pointer: '/isAdmin', code: 'unknown_field' }],
    })
    expect(await everything()).toBe(before)
  })

  test('refuses text that no database can hold, and text without end', async () => {
    const before = await everything()
    for (const field of Object.keys(valid().body))
      for (const value of ['a\0b', '\ud800', 'x'.repeat(20_000)]) await refused(withField(field, value))
    expect(await everything()).toBe(before)
  })

  test('refuses what is no JSON, too deep, too large, or after the prototype', async () => {
    const before = await everything()
    const deep = `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`
    const [field = ''] = Object.keys(valid().body)
    for (const [text, status] of [
      ['{"a":', 400],
      ['', 400],
      ['"text"', 400],
      ['[]', 400],
      [deep, 400],
      [`{"${field}":${deep}}`, 400],
      [JSON.stringify({ [field]: 'x'.repeat(9_000_000) }), 413],
      ['{"__proto__":{"isAdmin":true}}', 400],
      ['{"constructor":{"prototype":{"isAdmin":true}}}', 400],
    ] as const) {
      const headers = { 'content-type': 'application/json' }
      const problem = await refused({ ...valid(), body: text, headers })
      expect(problem.status, text.slice(0, 40)).toBe(status)
    }
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect(await refused({ ...valid(), body: 'a=1', headers: form })).toMatchObject({ status: 415 })
    expect(Object.hasOwn(Object.prototype, 'isAdmin')).toBe(false)
    expect(await everything()).toBe(before)
  })
})

test('a command that needs nothing takes nothing', async () => {
  for (const command of ['suspend', 'resume'])
    expect(await refused({ method: 'POST', url: `${at()}/${command}`, body: { force: true } })).toMatchObject(
      { status: 400, errors: [{ pointer: '/force', code: 'unknown_field' }] },
    )
})

test('an unknown parameter in the address is refused by its name', async () => {
  for (const [method, path] of [
    ['GET', ''],
    ['GET', '/tree'],
    ['GET', '/files/a.txt'],
    ['GET', '/checkpoints'],
    ['GET', '/file-versions/a.txt'],
    ['GET', '/export.zip'],
    ['DELETE', '/files/a.txt'],
    ['DELETE', ''],
  ] as const)
    expect(await refused({ method, url: `${at()}${path}?force=true` })).toMatchObject({
      status: 400,
      errors: [{ pointer: '/query/force', code: 'unknown_field' }],
    })
})

describe('an id that is none', () => {
  test.each(['1', "' or 1=1 --", '00000000-0000-0000-0000-00000000000g', '../../me', 'null', '%00'])(
    '%s is refused',
    async (bad) => {
      const none = at(encodeURIComponent(bad))
      const headers = { 'if-match': '*' }
      for (const call of [
        { url: none },
        { method: 'PATCH', url: none, ...stale, body: {} },
        { method: 'DELETE', url: none, ...stale },
        { method: 'POST', url: `${none}/suspend` },
        { url: `${none}/tree` },
        { url: `${none}/files/a` },
        { method: 'PUT', url: `${none}/files/a`, body: 'x', headers },
        { method: 'DELETE', url: `${none}/files/a`, headers },
        { method: 'POST', url: `${none}/forks` },
        { url: `${none}/export.zip` },
        { url: `${at()}/checkpoints/${encodeURIComponent(bad)}` },
      ] as const)
        await refused(call)
    },
  )
})

describe('a path that may not be', () => {
  test.each([
    ['a/..', 'traversal'],
    ['a/../../b', 'traversal'],
    ['./a', 'traversal'],
    ['/etc/passwd', 'absolute'],
    ['a//b', 'empty_segment'],
    ['a/', 'empty_segment'],
    ['a\\b', 'backslash'],
    ['C:/x', 'reserved_character'],
    ['a\0b', 'control_character'],
    ['a\nb', 'control_character'],
    ['a\u202eb', 'invisible_character'],
    ['lib/CON.ex', 'reserved_name'],
    ['.Git/config', 'reserved_name'],
    ['a.', 'trailing_dot_or_space'],
    ['x'.repeat(256), 'segment_too_long'],
    ['x/'.repeat(40), 'too_deep'],
    ['xxxxxxxxx/'.repeat(31) + 'y'.repeat(800), 'too_long'],
  ])('%j is refused wherever one is sent', async (path, rule) => {
    const before = await everything()
    const files = `${at()}/files/${encodeURIComponent(path)}`
    const put = await refused({ method: 'PUT', url: files, body: 'x', headers: { 'if-match': '*' } })
    expect(put).toMatchObject({ status: 422, errors: [{ pointer: '/path/path', code: rule }] })
    await refused({ url: files })
    await refused({ url: `${at()}/file-versions/${encodeURIComponent(path)}` })
    await refused({ method: 'DELETE', url: files, headers: { 'if-match': '*' } })
    for (const [url, body, pointer] of [
      ['files/move', { from: path, to: 'b' }, '/from'],
      ['files/move', { from: 'a.txt', to: path }, '/to'],
      ['changes', { changes: [{ path, content: '' }] }, '/changes/0/path'],
      ['changes', { changes: [{ path: 'b', moveFrom: path }] }, '/changes/0/moveFrom'],
    ] as const)
      expect(await refused({ method: 'POST', url: `${at()}/${url}`, body })).toMatchObject({
        errors: [{ pointer, code: rule }],
      })
    expect(await everything()).toBe(before)
  })

  test('is refused also when it is half a character or longer than any', async () => {
    await refused({ url: `${at()}/files/%ed%a0%80` })
    await refused({ url: `${at()}/files/%ff` })
    await refused({ url: `${at()}/files/${'x'.repeat(3_000)}` })
    await refused({
      method: 'POST',
      url: `${at()}/changes`,
      body: { changes: [{ path: 'x'.repeat(3_000), content: '' }] },
    })
  })
})

describe('a header', () => {
  const put = (headers: Record<string, string>) =>
    refused({ method: 'PUT', url: `${at()}/files/h.txt`, body: 'x', headers })
  test.each([
    ['if-match', '1'],
    ['if-match', 'W/"1"'],
    ['if-match', '"1", "2"'],
    ['if-match', '"-1"'],
    ['if-match', '"99999999999999999999"'],
    ['if-none-match', '"1"'],
    ['content-type', `text/${'x'.repeat(200)}`],
    ['content-type', 'text'],
  ])('%s: %s is refused by its name', async (name, value) => {
    const problem = await put({ [name]: value })
    expect([400, 415]).toContain(problem.status)
    if (problem.status === 400) expect(problem.errors).toMatchObject([{ pointer: `/headers/${name}` }])
  })

  test('that contradicts another is refused', async () => {
    expect(await put({ 'if-match': '"1"', 'if-none-match': '*' })).toMatchObject({ status: 400 })
  })

  test('that only claims who asks changes nothing', async () => {
    const headers = { 'x-user-id': owner.id, 'x-user-role': 'admin', 'x-forwarded-user': owner.id }
    expect((await it.call({ url: at(), headers })).status).toBe(401)
  })

  test.each(['', ' ', 'a b', 'ä', 'x'.repeat(256)])('idempotency-key: %j is refused', async (key) => {
    expect(await refused({ method: 'POST', url: `${at()}/forks`, key })).toMatchObject({
      status: 400,
      errors: [{ pointer: '/headers/idempotency-key' }],
    })
  })
})

test('a cursor of another list, of another place or made up is refused', async () => {
  await it.create(owner)
  const { body } = await it.call({ url: '/v1/sandboxes?limit=1', as: owner })
  for (const cursor of [String(body['nextCursor']), 'x', Buffer.alloc(40).toString('base64url')])
    for (const url of [`${at()}/checkpoints`, `${at()}/file-versions/a.txt`])
      expect(await refused({ url: `${url}?cursor=${cursor}` })).toMatchObject({
        status: 400,
        errors: [{ pointer: '/query/cursor' }],
      })
})
