import { newId } from '@sandkeep/postgres'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CheckpointView } from '../src/checkpoint/checkpoint-view.ts'
import { filesUrl, type Person, startSandbox, type TestSandbox } from './sandbox-harness.ts'

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
  await it.put(owner, id, 'a.txt', 'one\ntwo\nthree\n')
  await it.put(owner, id, 'large.bin', large)
})

const large = Buffer.alloc(200_000, 0xff)
const url = () => `/v1/sandboxes/${id}/checkpoints`

async function keep(body?: unknown): Promise<CheckpointView> {
  const answer = await it.call({ method: 'POST', url: url(), as: owner, body })
  expect(answer.status, answer.text).toBe(201)
  return JSON.parse(answer.text)
}
const read = (checkpointId: string) => it.call({ url: `${url()}/${checkpointId}`, as: owner })
const label = (checkpointId: string, version: number, body: unknown) =>
  it.call({ method: 'PATCH', url: `${url()}/${checkpointId}`, as: owner, version, body })
const drop = (checkpointId: string, version: number) =>
  it.call({ method: 'DELETE', url: `${url()}/${checkpointId}`, as: owner, version })
const restore = (checkpointId: string, key = newId()) =>
  it.call({
    method: 'POST',
    url: `/v1/sandboxes/${id}/restore`,
    as: owner,
    body: { checkpointId },
    key,
  })
const diff = (query: string) => it.call({ url: `/v1/sandboxes/${id}/diff?${query}`, as: owner })

describe('a checkpoint', () => {
  test('is answered whole, and announced with the version that it holds', async () => {
    const kept = await keep({ name: 'First light' })
    expect(kept).toMatchObject({
      sandboxId: id,
      sandboxVersion: 3,
      name: 'First light',
      pinned: true,
      reason: 'manual',
      fileCount: 2,
      totalBytes: 200_014,
      createdBy: owner.id,
      version: 1,
    })
    const found = await read(kept.id)
    expect(JSON.parse(found.text)).toEqual(kept)
    expect(found.headers['etag']).toBe('"1"')
    expect((await it.announced(id)).at(-1)).toMatchObject({
      type: 'sandbox.sandbox.checkpointed.v1',
      version: 4,
      data: { checkpointId: kept.id, checkpointVersion: 3, createdById: owner.id },
    })
  })

  test('comes in a list, newest first, in pages', async () => {
    const kept = [await keep(), await keep(), await keep()].map((it) => it.id).reverse()
    const first = await it.call({ url: `${url()}?limit=2`, as: owner })
    const { items, nextCursor } = first.body as { items: { id: string }[]; nextCursor: string }
    expect(items.map((item) => item.id)).toEqual(kept.slice(0, 2))
    const second = await it.call({ url: `${url()}?limit=2&cursor=${nextCursor}`, as: owner })
    expect(second.body).toMatchObject({ items: [{ id: kept[2] }] })
    expect(second.body).not.toHaveProperty('nextCursor')
  })

  test('has the same files for ever, whatever is done to the sandbox; only its name and pin change', async () => {
    const kept = await keep()
    await it.put(owner, id, 'a.txt', 'other')
    await it.call({
      method: 'DELETE',
      url: filesUrl(id, 'large.bin'),
      as: owner,
      headers: { 'if-match': '*' },
    })
    await label(kept.id, 1, { name: 'Kept' })
    it.clock.pass(40 * 3_600_000)
    await it.runTask('prune history')
    await it.runTask('sweep content')
    const after = JSON.parse((await read(kept.id)).text)
    expect(after).toEqual({
      ...kept,
      name: 'Kept',
      pinned: true,
      version: 2,
      updatedAt: expect.any(String),
    })
    await it.db.pool.query(`update sandboxes set expires_at = expires_at + interval '7 days'`)
    expect((await restore(kept.id)).status).toBe(200)
    expect(await it.contents(owner, id)).toEqual({
      'a.txt': 'one\ntwo\nthree\n',
      'large.bin': large.toString(),
    })
  })

  test('that is pinned cannot be deleted, another can, at the version that was seen', async () => {
    const { id: kept } = await keep({ name: 'Pinned' })
    expect((await drop(kept, 1)).problem).toMatchObject({ status: 409, code: 'checkpoint_pinned' })
    expect((await label(kept, 9, { pinned: false })).problem).toMatchObject({ status: 412 })
    expect((await label(kept, 1, { pinned: false })).body).toMatchObject({ name: 'Pinned', pinned: false })
    expect((await drop(kept, 1)).problem).toMatchObject({ status: 412 })
    expect((await drop(kept, 2)).status).toBe(204)
    expect((await read(kept)).problem).toMatchObject({ status: 404, code: 'checkpoint_not_found' })
  })

  test('of another sandbox is not found', async () => {
    const { id: kept } = await keep()
    const other = await it.create(owner)
    const at = `/v1/sandboxes/${other.id}`
    expect((await it.call({ url: `${at}/checkpoints/${kept}`, as: owner })).status).toBe(404)
    const restored = await it.call({
      method: 'POST',
      url: `${at}/restore`,
      as: owner,
      body: { checkpointId: kept },
    })
    expect(restored.problem).toMatchObject({ status: 404, code: 'checkpoint_not_found' })
  })

  test('whose bytes are damaged is not acknowledged', async () => {
    await it.db.pool.query(`update file_versions set document_id = gen_random_uuid() where path = 'a.txt'`)
    const answer = await it.call({ method: 'POST', url: url(), as: owner })
    expect(answer.problem).toMatchObject({ status: 500 })
    expect(answer.text).not.toMatch(/\.ts:|at \w+ \(/)
    expect((await it.call({ url: url(), as: owner })).body).toMatchObject({ items: [] })
  })
})

describe('a restore', () => {
  test('makes a new version with the old files, and can itself be undone', async () => {
    const good = await keep({ name: 'Good' })
    await it.put(owner, id, 'a.txt', 'broken')
    await it.put(owner, id, 'extra.txt', 'new')
    const restored = await restore(good.id)
    expect(restored.body, restored.text).toMatchObject({
      sandbox: { version: 8, fileCount: 2 },
      changedCount: 1,
      deletedCount: 1,
      undo: { reason: 'before-restore', fileCount: 3 },
    })
    expect(restored.headers['etag']).toBe('"8"')
    expect((await it.contents(owner, id))['a.txt']).toBe('one\ntwo\nthree\n')
    expect((await it.announced(id)).at(-1)).toMatchObject({
      type: 'sandbox.sandbox.restored.v1',
      version: 8,
      data: { checkpointId: good.id, restoredVersion: 3 },
    })

    const { undo } = restored.body as { undo: CheckpointView }
    expect((await restore(undo.id)).status).toBe(200)
    expect(await it.contents(owner, id)).toMatchObject({ 'a.txt': 'broken', 'extra.txt': 'new' })
    const versions = await it.call({ url: `/v1/sandboxes/${id}/file-versions/a.txt`, as: owner })
    expect(versions.body['items']).toHaveLength(4)
  })

  test('repeated with the same key restores once', async () => {
    const good = await keep()
    await it.put(owner, id, 'a.txt', 'broken')
    const key = newId()
    const first = await restore(good.id, key)
    await it.put(owner, id, 'a.txt', 'mended')
    expect((await restore(good.id, key)).text).toBe(first.text)
    expect((await it.contents(owner, id))['a.txt']).toBe('mended')
  })
})

describe('a diff', () => {
  test('says what leads from one state to another', async () => {
    const { id: from } = await keep()
    await it.put(owner, id, 'a.txt', 'one\n2\nthree\n')
    await it.put(owner, id, 'b.txt', 'new\n')
    await it.call({
      method: 'POST',
      url: `/v1/sandboxes/${id}/files/move`,
      as: owner,
      body: { from: 'large.bin', to: 'moved.bin', ifVersion: 1 },
    })
    const { id: to } = await keep()
    await it.put(owner, id, 'c.txt', 'later\n')

    const between = await diff(`from=${from}&to=${to}`)
    expect(between.body).toMatchObject({
      items: [
        { path: 'a.txt', change: 'modified', from: { version: 1 }, to: { version: 2 } },
        { path: 'b.txt', change: 'added', patch: expect.stringContaining('+new') },
        { path: 'moved.bin', change: 'moved', from: { path: 'large.bin' }, omitted: 'binary' },
      ],
    })
    const [modified] = between.body['items'] as { patch: string }[]
    expect(modified?.patch).toContain('--- a/a.txt\n+++ b/a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n')
    expect((await diff(`from=${to}`)).body).toMatchObject({ items: [{ path: 'c.txt', change: 'added' }] })
    expect((await diff(`from=working&to=${from}`)).body['items']).toHaveLength(4)
    expect((await diff('from=working')).body).toEqual({ items: [] })
  })

  test('names what would not fit without its patch', async () => {
    const { id: from } = await keep()
    await it.put(owner, id, 'huge.txt', 'a line\n'.repeat(40_000))
    expect((await diff(`from=${from}`)).body).toEqual({
      items: [{ path: 'huge.txt', change: 'added', to: expect.anything(), omitted: 'too_large' }],
    })
  })

  test.each(['', 'from=head', 'from=working&to=1', 'from=working&context=9'])(
    'with %s is refused',
    async (query) => {
      const { problem } = await diff(query)
      expect(problem).toMatchObject({ status: 400, code: 'request_invalid' })
      expect(problem.errors?.[0]?.pointer).toMatch(/^\/query\/(from|to|context)/)
    },
  )
})
