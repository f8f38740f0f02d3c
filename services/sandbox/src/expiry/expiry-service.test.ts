import { sql } from '@sandkeep/postgres'
import { expect, test } from 'vitest'
import { type TestServices, testServices } from '../../test/services-harness.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** What was announced of a sandbox, oldest first. */
async function announced(it: TestServices, id: string) {
  return it.db.query<{ type: string; version: number; data: Record<string, unknown> }>(sql`
    select type, aggregate_version as version, data from messaging.outbox where aggregate_id = ${id} order by id`)
}

async function typesOf(it: TestServices, id: string): Promise<string[]> {
  return (await announced(it, id)).map(({ type }) => type.replace(/^sandbox\.(.*)\.v1$/, '$1'))
}

test('a sandbox is warned once at 60 and once at 10 minutes, and then ends with a checkpoint', async () => {
  await using stack = new AsyncDisposableStack()
  const it = await testServices(stack)
  const { id } = await it.create()
  await it.put(id, 'a', 'text')

  it.clock.pass(dayMs - 61 * minuteMs)
  expect(await it.expiry.warnDue()).toBe(0)
  it.clock.pass(2 * minuteMs)
  expect(await it.expiry.warnDue()).toBe(1)
  expect(await it.expiry.warnDue()).toBe(0)
  it.clock.pass(50 * minuteMs)
  expect(await it.expiry.warnDue()).toBe(1)
  expect(await it.expiry.warnDue()).toBe(0)
  expect(await it.expiry.endDue()).toBe(0)
  it.clock.pass(10 * minuteMs)
  expect(await it.expiry.endDue()).toBe(1)

  const ended = await it.sandboxes.require(id)
  expect(ended).toMatchObject({ status: 'inactive', statusReason: 'expired' })
  expect(await typesOf(it, id)).toEqual([
    'sandbox.created',
    'file.changed',
    'sandbox.expiry-warned',
    'sandbox.expiry-warned',
    'sandbox.checkpointed',
    'sandbox.expired',
  ])
  const [checkpoint] = await it.checkpoints.list(ended, { limit: 10 })
  expect(checkpoint).toMatchObject({ reason: 'before-expiry', createdBy: null, fileCount: 1 })
})

test('each event has the version it left the sandbox at', async () => {
  await using stack = new AsyncDisposableStack()
  const it = await testServices(stack)
  const { id } = await it.create()
  await it.put(id, 'a', 'text')
  it.clock.pass(dayMs)
  await it.expiry.endDue()
  expect((await announced(it, id)).map(({ version }) => version)).toEqual([1, 2, 3, 4])
  expect(await it.sandboxes.require(id)).toMatchObject({ version: 4 })
})

test('looking does not keep a sandbox, editing does', async () => {
  await using stack = new AsyncDisposableStack()
  const it = await testServices(stack)
  const [looked, edited] = [await it.create(), await it.create()]
  it.clock.pass(dayMs - 30 * minuteMs)
  await it.sandboxes.touch(looked)
  await it.put(edited.id, 'a', 'text')
  it.clock.pass(30 * minuteMs)
  expect(await it.expiry.endDue()).toBe(1)
  expect(await it.sandboxes.require(looked.id)).toMatchObject({ status: 'inactive' })
  expect(await it.sandboxes.require(edited.id)).toMatchObject({ status: 'active' })
  expect(await typesOf(it, edited.id)).toContain('sandbox.updated')
})

test('an edit after a warning brings new warnings', async () => {
  await using stack = new AsyncDisposableStack()
  const it = await testServices(stack)
  const { id } = await it.create()
  it.clock.pass(dayMs - 30 * minuteMs)
  expect(await it.expiry.warnDue()).toBe(1)
  await it.put(id, 'a', 'text')
  it.clock.pass(90 * minuteMs)
  expect(await it.expiry.warnDue()).toBe(1)
})

test('the end frees a place, and recovering takes one again', async () => {
  await using stack = new AsyncDisposableStack()
  const it = await testServices(stack)
  const { id } = await it.create()
  const places = async () =>
    (await it.db.one<{ n: number }>(sql`select active_sandboxes as n from account_refs`))?.n
  expect(await places()).toBe(1)
  it.clock.pass(dayMs)
  await it.expiry.endDue()
  expect(await places()).toBe(0)
  it.clock.pass(29 * dayMs)
  const ended = await it.sandboxes.require(id)
  const back = await it.transact((tx) => it.sandboxes.resume(tx, ended, it.owner))
  expect(back).toMatchObject({ status: 'active', expiresAt: new Date(it.clock.now().getTime() + dayMs) })
  expect(await places()).toBe(1)
})

test('what nobody recovers in 30 days is deleted, and that is announced', async () => {
  await using stack = new AsyncDisposableStack()
  const it = await testServices(stack)
  const { id } = await it.create()
  await it.put(id, 'a', 'text')
  it.clock.pass(dayMs)
  await it.expiry.endDue()
  it.clock.pass(30 * dayMs - minuteMs)
  expect(await it.expiry.purgeLost()).toBe(0)
  it.clock.pass(minuteMs)
  expect(await it.expiry.purgeLost()).toBe(1)

  await expect(it.sandboxes.require(id)).rejects.toMatchObject({ code: 'sandbox_not_found' })
  const last = (await announced(it, id)).at(-1)
  expect(last?.type).toBe('sandbox.sandbox.terminated.v1')
  expect(last?.data).not.toHaveProperty('recoverableUntil')
  for (const table of ['file_versions', 'tree_entries', 'sandbox_states']) {
    expect(await it.db.query(sql`select from ${sql.identifier(table)}`)).toEqual([])
  }
})

test('a sandbox whose content is damaged stays, and does not keep others from ending', async () => {
  await using stack = new AsyncDisposableStack()
  const it = await testServices(stack)
  const [damaged, sound] = [await it.create(), await it.create()]
  await it.put(damaged.id, 'a', 'text')
  await it.db.run(sql`update file_versions set document_id = gen_random_uuid()`)
  await it.put(sound.id, 'a', 'text')
  it.clock.pass(dayMs)
  expect(await it.expiry.endDue()).toBe(1)
  expect(await it.sandboxes.require(damaged.id)).toMatchObject({ status: 'active' })
})
