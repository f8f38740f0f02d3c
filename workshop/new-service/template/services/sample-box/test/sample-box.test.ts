import { sampleItemCreated } from '@sandkeep/contracts'
import { newId } from '@sandkeep/postgres'
import type { Role } from '@sandkeep/service-kit'
import { eventually } from '@sandkeep/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startService, type TestService } from './sample-box-harness.ts'

const stack = new AsyncDisposableStack()
let service: TestService
beforeAll(async () => {
  service = await startService(stack)
})
afterAll(() => stack.disposeAsync())

interface Caller {
  userId?: string
  role?: Role
}

async function create(body: object, { userId = newId(), role }: Caller = {}, key: string = newId()) {
  const token = await service.tokens.issue({ userId, ...(role && { role }) })
  const headers = { authorization: `Bearer ${token}`, 'idempotency-key': key }
  return service.app.inject({ method: 'POST', url: '/v1/sample-items', headers, payload: body })
}

async function read(url: string, caller: Caller) {
  const authorization = `Bearer ${await service.tokens.issue(caller)}`
  return service.app.inject({ url, headers: { authorization } })
}

test('what was created is answered whole, announced once, and can be read', async () => {
  const userId = newId()
  const made = await create({ title: 'First' }, { userId })
  expect(made.statusCode).toBe(201)
  expect(made.headers).toMatchObject({ etag: '"1"', location: `/v1/sample-items/${made.json().id}` })
  expect(made.json()).toMatchObject({ ownerId: userId, title: 'First', version: 1 })
  await service.probe.expectExactly(sampleItemCreated, { sampleItemId: made.json().id, ownerId: userId }, 1)
  expect((await read(String(made.headers.location), { userId })).json()).toEqual(made.json())
})

test('a request that is repeated changes nothing and gets the same answer', async () => {
  const [caller, key] = [{ userId: newId() }, newId()]
  const first = await create({ title: 'Once' }, caller, key)
  const again = await create({ title: 'Once' }, caller, key)
  expect(again.json()).toEqual(first.json())
  await service.probe.expectExactly(sampleItemCreated, { ownerId: caller.userId }, 1)
})

test('only its owner and administrators see it', async () => {
  const { location } = (await create({ title: 'Mine' })).headers
  expect((await read(String(location), { role: 'instructor' })).statusCode).toBe(404)
  expect((await read(String(location), { role: 'admin' })).statusCode).toBe(200)
  expect((await service.app.inject({ url: String(location) })).statusCode).toBe(401)
})

test('a field that is wrong is named', async () => {
  const refused = await create({ title: '' })
  expect([refused.statusCode, refused.json().errors]).toEqual([
    400,
    [expect.objectContaining({ pointer: '/title' })],
  ])
})

test('the name that identity announces is shown', async () => {
  const userId = newId()
  const { location } = (await create({ title: 'Named' }, { userId })).headers
  await service.register({ userId, username: 'ada' })
  await eventually(async () => {
    expect((await read(String(location), { userId })).json()).toMatchObject({ ownerUsername: 'ada' })
  })
})
