import { expect, test } from 'vitest'
import { testServices } from '../../test/services-harness.ts'
import { sandboxFiles } from './file-document.ts'

const dayMs = 86_400_000
const large = 'x'.repeat(100_000)

async function stored(it: Awaited<ReturnType<typeof testServices>>) {
  const files = await it.documents.collection(sandboxFiles)
  const documents = await files.range({ key: 'id', limit: 100 })
  const objects = await it.objects.list('files/', { limit: 100 })
  return { documents: documents.items.length, objects: objects.items.length }
}

test('what a purged sandbox held is swept after the grace, and not before', async () => {
  await using stack = new AsyncDisposableStack()
  const it = await testServices(stack)
  const { id } = await it.create()
  await it.put(id, 'small', 'text')
  await it.put(id, 'large', large)
  expect(await stored(it)).toEqual({ documents: 2, objects: 1 })

  await it.db.pool.query('delete from sandboxes')
  await it.sweeper.sweep()
  expect(await stored(it)).toEqual({ documents: 2, objects: 1 })

  it.clock.pass(2 * dayMs)
  expect(await it.sweeper.sweep()).toEqual({ documents: 2, objects: 1, restored: 0, buried: 0 })
  expect(await stored(it)).toEqual({ documents: 0, objects: 0 })
  it.clock.pass(2 * dayMs)
  expect(await it.sweeper.sweep()).toEqual({ documents: 0, objects: 0, restored: 0, buried: 1 })
})

test('versions and checkpoints keep what they refer to', async () => {
  await using stack = new AsyncDisposableStack()
  const it = await testServices(stack)
  const { id } = await it.create()
  await it.put(id, 'a', large)
  const { checkpoint } = await it.checkpoints.make(id, it.owner, {}, it.transact)
  await it.put(id, 'a', 'other')

  it.clock.pass(2 * dayMs)
  expect(await it.sweeper.sweep()).toMatchObject({ documents: 0, objects: 0 })
  await it.restores.restore(await it.sandboxes.require(id), it.owner, checkpoint.id, it.transact)
  expect(await it.contents(id)).toEqual({ a: large })
})

test('an upload of the same bytes that a sweep deletes is not lost, and is put back by the next', async () => {
  await using stack = new AsyncDisposableStack()
  const it = await testServices(stack)
  const [first, second] = [await it.create(), await it.create()]
  await it.put(first.id, 'a', large)
  await it.db.pool.query('delete from sandboxes where id = $1', [first.id])
  it.clock.pass(2 * dayMs)

  // The sweep stands between having found the object unreferenced and deleting it.
  const { promise: found, resolve: hasFound } = Promise.withResolvers<void>()
  const { promise: uploaded, resolve: hasUploaded } = Promise.withResolvers<void>()
  const deleteObject = it.objects.delete.bind(it.objects)
  it.objects.delete = async (...args) => {
    hasFound()
    await uploaded
    return deleteObject(...args)
  }
  const sweep = it.sweeper.sweep()
  await found
  await it.put(second.id, 'b', large)
  hasUploaded()
  expect(await sweep).toMatchObject({ objects: 1 })

  expect(await it.contents(second.id)).toEqual({ b: large })
  expect(await it.sweeper.sweep()).toMatchObject({ restored: 1 })
  expect(await stored(it)).toMatchObject({ objects: 1 })
  expect(await it.contents(second.id)).toEqual({ b: large })
})
