import { newId } from '@sandkeep/postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Person, startSandbox, type TestSandbox } from './sandbox-harness.ts'

const stack = new AsyncDisposableStack()
let it: TestSandbox
let owner: Person
beforeAll(async () => {
  it = await startSandbox(stack, { SANDBOX_PLACES_STUDENT: '12' })
  owner = await it.person()
})
afterAll(() => stack.disposeAsync())

const fork = (id: string, body?: unknown, { as = owner, key = newId() } = {}) =>
  it.call({ method: 'POST', url: `/v1/sandboxes/${id}/forks`, as, body, key })

async function parent(): Promise<string> {
  const { id } = await it.create(owner, { name: 'Parent', type: 'exercise', configuration: { image: 'otp' } })
  await it.put(owner, id, 'lib/a.ex', 'first')
  await it.put(owner, id, 'large', Buffer.alloc(100_000, 1))
  return id
}

test('a fork is a sandbox of one’s own, with the files and settings of its parent and its lineage', async () => {
  const id = await parent()
  const made = await fork(id, { name: 'Fork' })
  expect(made.status, made.text).toBe(201)
  expect(made.body).toMatchObject({
    name: 'Fork',
    type: 'exercise',
    configuration: { image: 'otp' },
    forkedFrom: { id, version: 3 },
    fileCount: 2,
  })
  expect(made.headers['location']).toBe(`/v1/sandboxes/${made.body['id']}`)
  const forkId = String(made.body['id'])
  expect(await it.contents(owner, forkId)).toEqual(await it.contents(owner, id))
  expect((await it.announced(forkId))[0]).toMatchObject({
    type: 'sandbox.sandbox.created.v1',
    data: { forkedFromId: id, forkedFromVersion: 3 },
  })
})

test('neither changes the other, whatever becomes of it', async () => {
  const id = await parent()
  const forkId = String((await fork(id)).body['id'])
  await it.put(owner, forkId, 'lib/a.ex', 'changed in the fork')
  expect(await it.contents(owner, id)).toMatchObject({ 'lib/a.ex': 'first' })
  await it.put(owner, id, 'large', 'changed in the parent')
  expect((await it.contents(owner, forkId))['large']).toHaveLength(100_000)

  const { version } = await it.read(owner, id)
  await it.call({ method: 'DELETE', url: `/v1/sandboxes/${id}`, as: owner, version })
  await it.db.pool.query(`update sandboxes set expires_at = expires_at + interval '60 days'`)
  it.clock.pass(31 * 86_400_000)
  await it.runTask('purge')
  await it.runTask('sweep content')
  expect((await it.call({ url: `/v1/sandboxes/${id}`, as: owner })).status).toBe(404)
  expect((await it.contents(owner, forkId))['large']).toHaveLength(100_000)
})

test('a fork of a checkpoint has its files', async () => {
  const id = await parent()
  const kept = await it.call({ method: 'POST', url: `/v1/sandboxes/${id}/checkpoints`, as: owner })
  await it.put(owner, id, 'lib/a.ex', 'second')
  const made = await fork(id, { checkpointId: kept.body['id'] })
  expect(await it.contents(owner, String(made.body['id']))).toMatchObject({ 'lib/a.ex': 'first' })
  expect((await fork(id, { checkpointId: newId() })).problem).toMatchObject({ code: 'checkpoint_not_found' })
})

test('an administrator’s fork of somebody’s sandbox is the administrator’s', async () => {
  const id = await parent()
  const admin = await it.person('admin')
  expect((await fork(id, {}, { as: admin })).body).toMatchObject({ ownerId: admin.id, name: 'Parent' })
})

test('a fork takes a place, and one key makes one fork', async () => {
  owner = await it.person()
  const id = await parent()
  const key = newId()
  const [one, other] = [await fork(id, {}, { key }), await fork(id, {}, { key })]
  expect(other.text).toBe(one.text)
  for (let n = 2; n < 12; n += 1) expect((await fork(id)).status).toBe(201)
  expect((await fork(id)).problem).toMatchObject({ status: 409, code: 'sandbox_limit_reached' })
})
