import { parseEnvelope, userUpdated } from '@sandkeep/contracts'
import { newId, sql } from '@sandkeep/postgres'
import { eventually } from '@sandkeep/testkit'
import type { Registry } from 'prom-client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { account, announce, log, messagingFixture, metricOf, pending } from '../test/fixture.ts'
import { type Bus, type BusMessage, outbox, type PublishResult, startRelay } from './index.ts'

let stack: AsyncDisposableStack
let db: Awaited<ReturnType<typeof messagingFixture>>['db']
let bus: Bus
let metrics: Registry

beforeEach(async () => {
  stack = new AsyncDisposableStack()
  ;({ db, bus, metrics } = await messagingFixture(stack))
  bus.resume()
})
afterEach(() => stack.disposeAsync())

const start = (on: Bus) => stack.use(startRelay({ db, bus: on, owner: 'identity', log, metrics }))

/** The bus, with publishing done by the test. */
const publishingBus = (publish: (message: BusMessage) => Promise<PublishResult>): Bus => ({ ...bus, publish })

const logged = () =>
  db.query<{ position: number; aggregate_id: string; aggregate_version: number }>(sql`
    select position, aggregate_id, aggregate_version from messaging.event_log order by position`)

test('what is committed is published and moves to the log, in order and without gaps', async () => {
  const published: number[] = []
  start(
    publishingBus(async ({ body }) => {
      published.push(parseEnvelope(body).sequence)
      return { confirmed: true }
    }),
  )
  const userId = await announce(db, 700)
  await eventually(async () => expect(await pending(db)).toBe(0))
  const versions = Array.from({ length: 700 }, (_, index) => index + 1)
  expect(published).toEqual(versions)
  expect(await logged()).toEqual(
    versions.map((version) => ({ position: version, aggregate_id: userId, aggregate_version: version })),
  )
  expect(await metricOf(metrics, 'outbox_published_total')).toBe(700)
})

test('a transaction that commits after later ones is not skipped', async () => {
  start(publishingBus(async () => ({ confirmed: true })))
  const late = newId()
  await db.transaction(async (tx) => {
    await outbox.add(tx, userUpdated, { aggregateId: late, aggregateVersion: 1, data: account(late) })
    await announce(db, 3)
    await eventually(async () => expect(await logged()).toHaveLength(3))
  })
  await eventually(async () =>
    expect((await logged()).at(-1)).toMatchObject({ position: 4, aggregate_id: late }),
  )
})

test('what is not confirmed stays and is published again, in the order of the outbox', async () => {
  const attempts: number[] = []
  let isBroken = true
  start(
    publishingBus(async ({ body }) => {
      const { sequence } = parseEnvelope(body)
      attempts.push(sequence)
      return isBroken && sequence >= 2 ? { confirmed: false, reason: 'cut off' } : { confirmed: true }
    }),
  )
  await announce(db, 3)
  await eventually(async () => expect(await metricOf(metrics, 'outbox_unconfirmed_total')).toBe(2))
  isBroken = false
  await eventually(async () => expect(await pending(db)).toBe(0))
  expect(attempts).toEqual([1, 2, 3, 2, 3])
  expect((await logged()).map((row) => row.aggregate_version)).toEqual([1, 2, 3])
})

test('an event that waits for its confirm does not hold up others', async () => {
  const slow = newId()
  const release = Promise.withResolvers<PublishResult>()
  start(
    publishingBus(({ body }) =>
      parseEnvelope(body).subject === slow ? release.promise : Promise.resolve({ confirmed: true }),
    ),
  )
  await announce(db, 1, slow)
  await announce(db, 5)
  await eventually(async () => expect(await logged()).toHaveLength(5))
  expect(await pending(db)).toBe(1)
  release.resolve({ confirmed: true })
  await eventually(async () => expect(await logged()).toHaveLength(6))
})

test('of two relays on one database one works, and the other takes over', async () => {
  const by: string[] = []
  const relay = (name: string) =>
    start(
      publishingBus(async () => {
        by.push(name)
        return { confirmed: true }
      }),
    )
  const first = relay('first')
  await announce(db, 10)
  await eventually(async () => expect(await pending(db)).toBe(0))
  relay('second')
  await announce(db, 10)
  await eventually(async () => expect(await pending(db)).toBe(0))
  expect(by).toEqual(Array(20).fill('first'))
  await first[Symbol.asyncDispose]()
  await announce(db, 10)
  await eventually(async () => expect(await pending(db)).toBe(0))
  expect(by.slice(20)).toEqual(Array(10).fill('second'))
})

test('stopping waits for what is in flight', async () => {
  const release = Promise.withResolvers<PublishResult>()
  let inFlight = 0
  const relay = start(
    publishingBus(() => {
      inFlight++
      return release.promise
    }),
  )
  await announce(db, 2)
  await eventually(() => expect(inFlight).toBe(2))
  const stopped = relay[Symbol.asyncDispose]()
  release.resolve({ confirmed: true })
  await stopped
  expect(await pending(db)).toBe(0)
})

test('nothing is published while the bus is down, and it catches up by itself', async () => {
  let isUp = false
  const published: string[] = []
  start({
    ...publishingBus(async ({ id }) => {
      published.push(id)
      return { confirmed: true }
    }),
    status: () => (isUp ? 'up' : 'blocked'),
  })
  await announce(db, 5)
  await eventually(async () => expect(await metricOf(metrics, 'outbox_relay_leads')).toBe(1))
  expect(published).toEqual([])
  isUp = true
  await eventually(async () => expect(await pending(db)).toBe(0))
  expect(published).toHaveLength(5)
})

test('the number and age of what waits are measured', async () => {
  await announce(db, 4)
  await db.run(sql`update messaging.outbox set occurred_at = now() - interval '90 seconds'`)
  start({ ...bus, status: () => 'down' })
  await eventually(async () =>
    expect(await metricOf(metrics, 'outbox_pending', { owner: 'identity' })).toBe(4),
  )
  expect(await metricOf(metrics, 'outbox_oldest_seconds')).toBeGreaterThan(89)
})

test('partitions of the log are made ahead', async () => {
  await db.run(sql`do $$ declare part regclass; begin
    for part in select inhrelid::regclass from pg_inherits where inhparent = 'messaging.event_log'::regclass
    loop execute format('drop table %s', part); end loop; end $$`)
  start(bus)
  await eventually(async () => {
    const rows = await db.query(
      sql`select from pg_inherits where inhparent = 'messaging.event_log'::regclass`,
    )
    expect(rows).toHaveLength(4)
  })
})
