import { parseEnvelope, userLoggedIn, userUpdated } from '@sandkeep/contracts'
import { type Database, newId, sql } from '@sandkeep/postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { account, messagingFixture } from '../test/fixture.ts'
import { outbox } from './index.ts'
import { findPending } from './relay-store.ts'
import { toEnvelope } from './stored-event.ts'

const stack = new AsyncDisposableStack()
let db: Database

beforeAll(async () => {
  ;({ db } = await messagingFixture(stack))
})
afterAll(() => stack.disposeAsync())

const stored = async (aggregateId: string) =>
  (await findPending(db, [], 500)).filter((event) => event.aggregate_id === aggregateId)

test('an event commits with its transaction and reads as an envelope', async () => {
  const userId = newId()
  await db.transaction((tx) =>
    outbox.add(tx, userUpdated, { aggregateId: userId, aggregateVersion: 3, data: account(userId) }),
  )
  const [event] = await stored(userId)
  const envelope = event && parseEnvelope(JSON.stringify(toEnvelope(event)))
  expect(envelope).toMatchObject({
    source: '/sandkeep/identity',
    type: 'identity.user.updated.v1',
    subject: userId,
    sequence: 3,
    subjects: [userId],
  })
  expect(userUpdated.fromJson(envelope?.data)).toMatchObject(account(userId))
})

test('an event of a transaction that rolls back never was', async () => {
  const userId = newId()
  const failing = db.transaction(async (tx) => {
    await outbox.add(tx, userUpdated, { aggregateId: userId, aggregateVersion: 1, data: account(userId) })
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  expect(await stored(userId)).toEqual([])
})

test('as part of one statement it takes the version that the change returns, and is absent when nothing changed', async () => {
  await db.run(sql`create table things (id text primary key, version integer not null)`)
  const userId = newId()
  await db.run(sql`insert into things values (${userId}, 7)`)
  const change = (id: string) => {
    const event = { aggregateId: userId, aggregateVersion: sql`changed.version`, data: account(userId) }
    return db.one<{ version: number }>(sql`
      with changed as (update things set version = version + 1 where id = ${id} returning version),
        announced as (${outbox.row(userUpdated, event)} from changed)
      select version from changed`)
  }
  expect(await change('nobody')).toBeNull()
  expect(await change(userId)).toEqual({ version: 8 })
  expect(await stored(userId)).toMatchObject([{ aggregate_version: 8 }])
})

test('data above 64 KiB is refused with its size', () => {
  const data = { userId: newId(), sessionId: 'x'.repeat(70_000) }
  expect(() => outbox.row(userLoggedIn, { aggregateId: 'a', aggregateVersion: 1, data })).toThrow(
    /identity\.user\.logged-in\.v1: the data has \d+ bytes, at most 65536 fit/,
  )
})
