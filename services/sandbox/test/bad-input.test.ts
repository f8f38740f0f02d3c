import { newId } from '@sandkeep/postgres'
import { badBodies, notIds, otherKinds } from '@sandkeep/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { everythingOf, refusedBy } from './refused.ts'
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

const everything = () => everythingOf(it)
const refused = (call: Call) => refusedBy(it, owner, call)

const isFree = (field: string) => ['metadata', 'configuration'].includes(field)

describe.each(Object.entries(withBody))('%s', (_, valid) => {
  const withField = (field: string, value: unknown) => ({
    ...valid(),
    body: { ...valid().body, [field]: value },
  })

  test('refuses each field with a value of another kind and an unknown field, by its name', async () => {
    const before = await everything()
    for (const field of Object.keys(valid().body))
      for (const value of otherKinds) {
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
    const [field = ''] = Object.keys(valid().body)
    for (const [text, status] of badBodies(field, 9_000_000)) {
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
  test.each(notIds)('%s is refused', async (bad) => {
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
