import { newId } from '@sandkeep/postgres'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Person, startSandbox, type TestSandbox } from './sandbox-harness.ts'

const stack = new AsyncDisposableStack()
let it: TestSandbox
let owner: Person
let id: string
beforeAll(async () => {
  it = await startSandbox(stack)
  owner = await it.person()
})
afterAll(() => stack.disposeAsync())
beforeEach(async () => {
  id = (await it.create(owner)).id
  await change([
    { path: 'a.txt', content: 'a' },
    { path: 'lib/b.ex', content: 'b' },
    { path: 'lib/c.ex', content: 'c' },
  ])
})

const change = (changes: unknown[], { key = newId(), match = '' } = {}) =>
  it.call({
    method: 'POST',
    url: `/v1/sandboxes/${id}/changes`,
    as: owner,
    body: { changes },
    key,
    headers: match === '' ? {} : { 'if-match': match },
  })
const move = (body: unknown, match = '') =>
  it.call({
    method: 'POST',
    url: `/v1/sandboxes/${id}/files/move`,
    as: owner,
    body,
    headers: match === '' ? {} : { 'if-match': match },
  })
const contents = () => it.contents(owner, id)

test('several changes make one version, told whole', async () => {
  const done = await change([
    { path: 'a.txt', content: 'A', ifVersion: 1 },
    { path: 'lib/b.ex', delete: true, ifVersion: 1 },
    { path: 'lib/d.ex', moveFrom: 'lib/c.ex', ifVersion: 1 },
    { path: 'bin', contentBase64: '/wD+', mediaType: 'application/x-beam' },
  ])
  expect(done.status, done.text).toBe(200)
  expect(done.body).toMatchObject({ sandboxVersion: 3, deleted: ['lib/b.ex', 'lib/c.ex'] })
  expect(done.headers['etag']).toBe('"3"')
  const { body } = await it.call({ url: `/v1/sandboxes/${id}/tree`, as: owner })
  expect(body).toMatchObject({
    sandboxVersion: 3,
    items: [
      { path: 'a.txt', version: 2 },
      { path: 'bin', version: 1, encoding: 'binary', mediaType: 'application/x-beam' },
      { path: 'lib/d.ex', version: 1 },
    ],
  })
  const events = (await it.announced(id)).filter(({ version }) => version === 3)
  expect(events.map(({ type, data }) => `${type} ${data['path']}`)).toEqual([
    'sandbox.file.deleted.v1 lib/b.ex',
    'sandbox.file.deleted.v1 lib/c.ex',
    'sandbox.file.changed.v1 a.txt',
    'sandbox.file.changed.v1 lib/d.ex',
    'sandbox.file.changed.v1 bin',
  ])
})

describe('all or nothing:', () => {
  const good = [
    { path: 'new.txt', content: 'n' },
    { path: 'a.txt', content: 'A', ifVersion: 1 },
  ]
  test.each([
    ['a stale version', { path: 'lib/b.ex', content: 'B', ifVersion: 9 }, 412, 'stale_version'],
    ['no version of a file that exists', { path: 'lib/b.ex', content: 'B' }, 428, 'precondition_required'],
    ['a file that exists', { path: 'lib/b.ex', content: 'B', ifAbsent: true }, 412, 'file_exists'],
    ['a file that does not', { path: 'nope', delete: true }, 404, 'file_not_found'],
    ['a move from nowhere', { path: 'x', moveFrom: 'nope' }, 404, 'file_not_found'],
    ['a twin', { path: 'A.TXT', content: 'x' }, 409, 'path_taken_by_twin'],
    ['a way out', { path: '../x', content: 'x' }, 422, 'invalid_path'],
    ['too large a file', { path: 'x', contentBase64: 'AAAA'.repeat(2_100_000) }, 413, 'body_too_large'],
  ])('%s undoes the others', async (_, bad, status, code) => {
    const before = [await contents(), await it.read(owner, id)]
    const refused = await change([...good, bad])
    expect(refused.problem, refused.text.slice(0, 300)).toMatchObject({ status, code })
    expect([await contents(), await it.read(owner, id)]).toEqual(before)
  })
})

test('a bad path is named by its place among the changes', async () => {
  const { problem } = await change([
    { path: 'ok', content: '' },
    { path: 'nul', content: '' },
  ])
  expect(problem.errors).toMatchObject([{ pointer: '/changes/1/path', code: 'reserved_name' }])
})

test.each([
  ['nothing to do', { path: 'a' }],
  ['two things to do', { path: 'a', content: '', delete: true }],
  ['two conditions', { path: 'a', content: '', ifAbsent: true, ifVersion: 1 }],
  ['half a character', { path: 'x', content: '\ud800' }],
  ['what is no Base64', { path: 'x', contentBase64: '***' }],
  ['a media type that breaks a header', { path: 'x', content: '', mediaType: 'a/b\r\nset-cookie: x' }],
])('a change with %s is refused', async (_, bad) => {
  const { problem } = await change([bad])
  expect(problem).toMatchObject({ status: 400, code: 'request_invalid' })
  expect(problem.errors?.[0]?.pointer).toMatch(/^\/changes\/0/)
})

test('the version of the sandbox speaks for all its files', async () => {
  const both = [
    { path: 'a.txt', content: 'A' },
    { path: 'lib/b.ex', delete: true },
  ]
  expect((await change(both, { match: '"1"' })).problem).toMatchObject({ status: 412 })
  expect((await change(both, { match: '"2"' })).status).toBe(200)
  expect(await contents()).toEqual({ 'a.txt': 'A', 'lib/c.ex': 'c' })
})

test('repeated with the same key, changes are made once and answered alike', async () => {
  const key = newId()
  const first = await change([{ path: 'once', content: '1' }], { key })
  await change([{ path: 'once', delete: true, ifVersion: 1 }])
  const again = await change([{ path: 'once', content: '1' }], { key })
  expect(again).toMatchObject({ status: 200, text: first.text })
  expect(again.headers['etag']).toBe(first.headers['etag'])
  expect(Object.keys(await contents())).not.toContain('once')
})

describe('a move', () => {
  test('takes a file, or a folder with all below it', async () => {
    expect((await move({ from: 'a.txt', to: 'docs/a.md', ifVersion: 1 })).status).toBe(200)
    const moved = await move({ from: 'lib', to: 'src/lib' })
    expect(moved.body).toMatchObject({ deleted: ['lib/b.ex', 'lib/c.ex'] })
    expect(await contents()).toEqual({ 'docs/a.md': 'a', 'src/lib/b.ex': 'b', 'src/lib/c.ex': 'c' })
  })

  test('may change nothing but the case', async () => {
    expect((await move({ from: 'a.txt', to: 'A.txt' }, '*')).status).toBe(200)
    expect(Object.keys(await contents())).toContain('A.txt')
  })

  test.each([
    ['onto a file', { from: 'a.txt', to: 'lib/b.ex' }, 412],
    ['into what would be below itself', { from: 'a.txt', to: 'lib/b.ex/c' }, 409],
    ['from nowhere', { from: 'nope', to: 'x' }, 404],
    ['out of the sandbox', { from: 'a.txt', to: '/etc/passwd' }, 422],
  ])('%s is refused', async (_, body, status) => {
    const before = await contents()
    expect((await move(body, '*')).status).toBe(status)
    expect(await contents()).toEqual(before)
  })
})

describe('the room of a sandbox', () => {
  test('is 2,000 files', async () => {
    const many = (from: number, count: number) =>
      Array.from({ length: count }, (_, n) => ({ path: `many/${from + n}`, content: '' }))
    for (let n = 0; n < 1_997; n += 500)
      expect((await change(many(n, Math.min(500, 1_997 - n)))).status).toBe(200)
    expect((await it.read(owner, id)).fileCount).toBe(2_000)
    expect((await change(many(1_997, 1))).problem).toMatchObject({ status: 422, code: 'quota_exceeded' })
    expect((await it.read(owner, id)).fileCount).toBe(2_000)
  })

  test('is 100 MiB', async () => {
    const large = Buffer.alloc(25 * 1_048_576)
    for (const path of ['1', '2', '3']) await it.put(owner, id, path, large)
    await it.put(owner, id, '4', large.subarray(3))
    const full = await it.read(owner, id)
    expect(full.totalBytes).toBe(104_857_600)
    expect((await change([{ path: 'more', content: 'x' }])).problem).toMatchObject({
      status: 422,
      code: 'quota_exceeded',
    })
    expect(await it.read(owner, id)).toMatchObject({ version: full.version, totalBytes: full.totalBytes })
  })
})
