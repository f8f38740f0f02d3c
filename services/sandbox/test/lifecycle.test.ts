import { newId } from '@sandkeep/postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Person, startSandbox, type TestSandbox } from './sandbox-harness.ts'

const stack = new AsyncDisposableStack()
let it: TestSandbox
let owner: Person
let admin: Person
beforeAll(async () => {
  it = await startSandbox(stack, { SANDBOX_PLACES_STUDENT: '3' })
  admin = await it.person('admin')
})
afterAll(() => stack.disposeAsync())

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const command = (id: string, name: string, { as = owner, body, key = newId() }: Options = {}) =>
  it.call({ method: 'POST', url: `/v1/sandboxes/${id}/${name}`, as, body, key })
interface Options {
  as?: Person
  body?: unknown
  key?: string
}
const remove = (id: string, version: number, as = owner) =>
  it.call({ method: 'DELETE', url: `/v1/sandboxes/${id}`, as, version })
const ahead = (ms: number) => new Date(it.clock.now().getTime() + ms).toISOString()
const lastEvent = async (id: string) => (await it.announced(id)).at(-1)

async function fresh(): Promise<string> {
  owner = await it.person()
  return (await it.create(owner)).id
}

describe('suspended', () => {
  test('a sandbox can be read but not changed, until it is resumed', async () => {
    const id = await fresh()
    await it.put(owner, id, 'a', 'text')
    const suspended = await command(id, 'suspend')
    expect(suspended.body, suspended.text).toMatchObject({ status: 'suspended', statusReason: 'owner' })
    expect(await lastEvent(id)).toMatchObject({ type: 'sandbox.sandbox.suspended.v1' })
    expect(await it.contents(owner, id)).toEqual({ a: 'text' })

    const { version } = await it.read(owner, id)
    const files = `/v1/sandboxes/${id}/files/a`
    for (const call of [
      { method: 'PATCH', url: `/v1/sandboxes/${id}`, version, body: { name: 'B' } },
      { method: 'PUT', url: files, body: 'x', headers: { 'if-match': '*' } },
      { method: 'DELETE', url: files, headers: { 'if-match': '*' } },
      {
        method: 'POST',
        url: `/v1/sandboxes/${id}/changes`,
        body: { changes: [{ path: 'b', content: '' }] },
      },
      { method: 'POST', url: `/v1/sandboxes/${id}/checkpoints`, body: {} },
      { method: 'POST', url: `/v1/sandboxes/${id}/forks`, body: {} },
      { method: 'POST', url: `/v1/sandboxes/${id}/extend`, body: {} },
      { method: 'POST', url: `/v1/sandboxes/${id}/suspend` },
    ] as const)
      expect((await it.call({ ...call, as: owner })).problem).toMatchObject({
        status: 409,
        code: 'sandbox_suspended',
      })

    expect((await command(id, 'resume')).body).toMatchObject({ status: 'active' })
    expect(await it.read(owner, id)).not.toHaveProperty('statusReason')
    expect(await lastEvent(id)).toMatchObject({ type: 'sandbox.sandbox.resumed.v1' })
    expect((await command(id, 'resume')).problem).toMatchObject({ status: 409, code: 'sandbox_active' })
  })

  test('by an administrator, it stays so until an administrator resumes it', async () => {
    const id = await fresh()
    expect((await command(id, 'suspend', { as: admin })).body).toMatchObject({ statusReason: 'admin' })
    expect((await command(id, 'resume')).problem).toMatchObject({ code: 'sandbox_stopped_by_admin' })
    const { version } = await it.read(owner, id)
    expect((await remove(id, version)).status).toBe(200)
    expect((await command(id, 'resume')).problem).toMatchObject({ code: 'sandbox_stopped_by_admin' })
    expect((await command(id, 'resume', { as: admin })).status).toBe(200)
  })

  test('a sandbox gives its place away; a repeated command is answered as the first was', async () => {
    const first = await fresh()
    await it.create(owner)
    await it.create(owner)
    const key = newId()
    const suspended = await command(first, 'suspend', { key })
    await it.create(owner)
    expect((await command(first, 'resume')).problem).toMatchObject({ code: 'sandbox_limit_reached' })
    expect(await command(first, 'suspend', { key })).toMatchObject({ status: 200, text: suspended.text })
  })
})

describe('more time', () => {
  test('is a day from now, or what is asked for', async () => {
    const id = await fresh()
    it.clock.pass(hourMs)
    expect((await command(id, 'extend')).body).toMatchObject({ expiresAt: ahead(dayMs), version: 2 })
    const expiresAt = ahead(20 * dayMs)
    expect((await command(id, 'extend', { body: { expiresAt } })).body).toMatchObject({ expiresAt })
    expect(await lastEvent(id)).toMatchObject({
      type: 'sandbox.sandbox.updated.v1',
      data: { sandbox: { expiresAt } },
    })
  })

  test('is never less, nor more than the type may have', async () => {
    const id = await fresh()
    for (const expiresAt of [ahead(hourMs), ahead(31 * dayMs)])
      expect((await command(id, 'extend', { body: { expiresAt } })).problem).toMatchObject({
        status: 422,
        code: 'expiry_out_of_bounds',
        errors: [{ pointer: '/expiresAt' }],
      })
  })
})

describe('deleted', () => {
  test('a sandbox is kept 30 days, in which it can be recovered with all it held', async () => {
    const id = await fresh()
    await it.put(owner, id, 'a', 'text')
    expect((await remove(id, 1)).problem).toMatchObject({ status: 412 })
    const deleted = await remove(id, 2)
    expect(deleted.body).toMatchObject({ status: 'terminated', recoverableUntil: ahead(30 * dayMs) })
    expect(await lastEvent(id)).toMatchObject({
      type: 'sandbox.sandbox.terminated.v1',
      data: { recoverableUntil: ahead(30 * dayMs) },
    })
    expect((await remove(id, 3)).problem).toMatchObject({ status: 409, code: 'sandbox_terminated' })

    it.clock.pass(29 * dayMs)
    await it.runTask('purge')
    expect((await command(id, 'resume')).body).toMatchObject({ status: 'active', expiresAt: ahead(dayMs) })
    expect(await it.contents(owner, id)).toEqual({ a: 'text' })
  })

  test('a sandbox is gone for good after that, and that is announced', async () => {
    const id = await fresh()
    await it.put(owner, id, 'a', 'text')
    await remove(id, 2)
    it.clock.pass(30 * dayMs)
    expect((await command(id, 'resume')).problem).toMatchObject({ code: 'sandbox_not_recoverable' })
    await it.runTask('purge')
    expect((await it.call({ url: `/v1/sandboxes/${id}`, as: owner })).problem).toMatchObject({
      status: 404,
      code: 'sandbox_not_found',
    })
  })
})

describe('the end of its time', () => {
  test('is told 60 and 10 minutes before, comes with a checkpoint and can be undone', async () => {
    const id = await fresh()
    await it.put(owner, id, 'a', 'text')
    for (const left of [59, 9]) {
      const { expiresAt } = await it.read(owner, id)
      it.clock.pass(new Date(expiresAt).getTime() - it.clock.now().getTime() - left * minuteMs)
      await it.runTask('expire')
    }
    it.clock.pass(10 * minuteMs)
    await it.runTask('expire')
    const ended = await it.read(owner, id)
    expect(ended).toMatchObject({
      status: 'inactive',
      statusReason: 'expired',
      recoverableUntil: ahead(30 * dayMs),
    })
    const types = (await it.announced(id)).map(({ type }) => type.split('.')[2])
    expect(types).toEqual(['created', 'changed', 'expiry-warned', 'expiry-warned', 'checkpointed', 'expired'])
    const { body } = await it.call({ url: `/v1/sandboxes/${id}/checkpoints`, as: owner })
    expect(body).toMatchObject({ items: [{ reason: 'before-expiry', fileCount: 1 }] })

    expect((await command(id, 'resume')).body).toMatchObject({ status: 'active', expiresAt: ahead(dayMs) })
    expect(await it.contents(owner, id)).toEqual({ a: 'text' })
  })

  test('moves with an edit, not with a look', async () => {
    const [looked, edited] = [await fresh(), (await it.create(owner)).id]
    it.clock.pass(dayMs - 30 * minuteMs)
    expect(await it.read(owner, looked)).not.toHaveProperty('lastAccessedAt')
    expect(await it.read(owner, looked)).toMatchObject({ lastAccessedAt: ahead(0), version: 1 })
    await it.put(owner, edited, 'a', 'text')
    it.clock.pass(30 * minuteMs)
    await it.runTask('expire')
    expect(await it.read(owner, looked)).toMatchObject({ status: 'inactive' })
    expect(await it.read(owner, edited)).toMatchObject({ status: 'active', expiresAt: ahead(90 * minuteMs) })
  })
})
