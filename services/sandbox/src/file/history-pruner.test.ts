import { sql } from '@sandkeep/postgres'
import { expect, test } from 'vitest'
import { testServices } from '../../test/services-harness.ts'
import { keptVersions } from './history-pruner.ts'

test('only what is old, far back and held by nothing goes from a long history', async () => {
  await using stack = new AsyncDisposableStack()
  const it = await testServices(stack)
  const { id } = await it.create()
  await it.put(id, 'still', 'as it was')
  await it.put(id, 'a', 'kept by a checkpoint')
  await it.checkpoints.make(id, it.owner, {}, it.transact)
  for (let version = 2; version <= keptVersions + 3; version += 1) await it.put(id, 'a', `text ${version}`)
  const versions = async () =>
    (
      await it.db.query<{ version: number }>(
        sql`select version from file_versions where path = 'a' order by version`,
      )
    ).map(({ version }) => version)
  const before = await it.sandboxes.require(id)

  expect(await it.pruner.prune()).toBe(0)
  it.clock.pass(2 * 86_400_000)
  expect(await it.pruner.prune()).toBe(2)

  expect((await versions()).slice(0, 2)).toEqual([1, 4])
  const after = await it.sandboxes.require(id)
  expect(before.historyBytes - after.historyBytes).toBe('text 2'.length + 'text 3'.length)
  expect(after).toMatchObject({ version: before.version, updatedAt: before.updatedAt })
  await it.sweeper.sweep()
  expect(await it.contents(id)).toEqual({ a: `text ${keptVersions + 3}`, still: 'as it was' })
})

test('what is moved and restored counts no bytes again, and goes from a history that it alone makes long', async () => {
  await using stack = new AsyncDisposableStack()
  const it = await testServices(stack)
  const { id } = await it.create()
  await it.put(id, 'a', 'text')
  const { checkpoint } = await it.checkpoints.make(id, it.owner, {}, it.transact)
  const move = async (from: string, to: string) =>
    it.files.edit(
      await it.sandboxes.require(id),
      it.owner.userId,
      [{ kind: 'move', from, to, expected: 'any' }],
      it.transact,
    )
  for (let version = 1; version <= keptVersions + 3; version += 1) {
    await move('a', 'b')
    await it.restores.restore(await it.sandboxes.require(id), it.owner, checkpoint.id, it.transact)
  }
  expect(await it.sandboxes.require(id)).toMatchObject({ historyBytes: 'text'.length })

  it.clock.pass(2 * 86_400_000)
  expect(await it.pruner.prune()).toBeGreaterThan(0)
  expect(await it.sandboxes.require(id)).toMatchObject({ historyBytes: 'text'.length })
  expect(await it.contents(id)).toEqual({ a: 'text' })
})
