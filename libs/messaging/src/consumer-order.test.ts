import { newId, sql } from '@sandkeep/postgres'
import { eventually } from '@sandkeep/testkit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ConsumerHarness, consumerHarness, envelope, queue } from '../test/consumer-harness.ts'
import { announce, metricOf } from '../test/fixture.ts'
import { PermanentError } from './index.ts'

let it: ConsumerHarness
beforeEach(async () => {
  it = await consumerHarness()
})
afterEach(() => it[Symbol.asyncDispose]())

describe('a database that is away', () => {
  test.each([
    Object.assign(new Error('terminating connection'), { code: '57P01' }),
    new Error('Query read timeout'),
    new Error('Client has encountered a connection error and is not queryable'),
  ])('does not count against the event (%s)', async (error) => {
    let tries = 0
    await it.start(
      () => {
        if (++tries <= 2) throw error
      },
      { retryDelaysMs: [] },
    )
    await announce(it.db, 1)
    await it.settled()
    expect(tries).toBe(3)
    expect(await it.effects()).toEqual([1])
    expect(await it.dead()).toEqual([])
  })

  test.each([true, false])(
    'in the middle of a handling keeps the event in its place (ordered: %s)',
    async (ordered) => {
      let tries = 0
      await it.start(
        async ({ tx }) => {
          if (++tries > 1) return
          const backend = await tx.one<{ pid: number }>(sql`select pg_backend_pid() as pid`)
          await it.db.run(sql`select pg_terminate_backend(${backend?.pid})`)
          await eventually(() => expect(tx.run(sql`select 1`)).rejects.toThrow('not queryable'))
          await tx.run(sql`select 1`)
        },
        { ordered, retryDelaysMs: [3_600_000] },
      )
      await announce(it.db, 3)
      await it.settled()
      expect((await it.effects()).toSorted()).toEqual([1, 2, 3])
      if (ordered) expect(await it.effects()).toEqual([1, 2, 3])
    },
  )
})

test('an event that waits too long for its turn in the database keeps its place', async () => {
  await it.start(() => {}, { ordered: true, retryDelaysMs: [3_600_000] })
  const userId = newId()
  const refused = () => metricOf(it.metrics, 'events_handled_total', { outcome: 'retry' })
  await it.db.transaction(async (tx) => {
    await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`${queue} ${userId}`}, 0))`)
    await announce(it.db, 3, userId)
    await eventually(() => expect(it.waits()).toContain('statement timeout'), {
      timeoutMs: 20_000,
    })
  })
  await it.settled()
  expect(await it.effects(userId)).toEqual([1, 2, 3])
  expect(await refused()).toBe(0)
})

describe('consumers of state', () => {
  test('drop what is older than the newest they applied, and apply what is as new', async () => {
    await it.start(() => {}, {}, true)
    const userId = newId()
    for (const version of [2, 1, 2, 3]) {
      const event = envelope(userId, version)
      await it.bus.publish({ id: event.id, type: event.type, body: Buffer.from(JSON.stringify(event)) })
    }
    expect(await it.effects(userId)).toEqual([2, 2, 3])
    expect(await metricOf(it.metrics, 'events_handled_total', { outcome: 'stale' })).toBe(1)
  })
})

describe('unordered consumers', () => {
  test('handle later events of an aggregate while an earlier one waits', async () => {
    let isBroken = true
    await it.start(
      ({ event }) => {
        if (event.sequence === 1 && isBroken) throw new Error('not yet')
      },
      { retryDelaysMs: Array(100).fill(20) },
    )
    const userId = await announce(it.db, 3)
    await eventually(async () => expect((await it.effects(userId)).sort()).toEqual([2, 3]))
    isBroken = false
    await eventually(async () => expect((await it.effects(userId)).at(2)).toBe(1))
  })
})

describe('ordered consumers', () => {
  test('let later events of an aggregate wait behind a failed one, and those of others pass', async () => {
    let isBroken = true
    const broken = newId()
    await it.start(
      ({ event }) => {
        if (event.subject === broken && event.sequence === 2 && isBroken) throw new Error('not yet')
      },
      { ordered: true, retryDelaysMs: Array(400).fill(20) },
    )
    await announce(it.db, 4, broken)
    const other = await announce(it.db, 3)
    await eventually(async () => expect(await it.effects(other)).toEqual([1, 2, 3]))
    await it.settled()
    expect(await it.effects(broken)).toEqual([1])
    isBroken = false
    await eventually(async () => expect(await it.effects(broken)).toEqual([1, 2, 3, 4]))
    expect(await it.db.query(sql`select from messaging.parked`)).toEqual([])
  })

  test('handle the events of one aggregate one at a time and in order', async () => {
    let inHand = 0
    await it.start(
      async () => {
        expect(++inHand).toBe(1)
        await new Promise(setImmediate)
        inHand--
      },
      { ordered: true, retryDelaysMs: [] },
    )
    const userId = await announce(it.db, 50)
    await it.settled()
    expect(await it.effects(userId)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1))
  })

  test('keep the aggregate waiting behind a dead event', async () => {
    await it.start(
      ({ event }) => {
        if (event.sequence === 1) throw new PermanentError('beyond repair')
      },
      { ordered: true },
    )
    const userId = await announce(it.db, 3)
    await it.settled()
    expect(await it.effects(userId)).toEqual([])
    const rows = await it.db.query(sql`
      select sequence, attempts, reason, dead_at is not null as is_dead from messaging.parked order by sequence`)
    expect(rows).toEqual([
      { sequence: 1, attempts: 1, reason: 'PermanentError: beyond repair', is_dead: true },
      { sequence: 2, attempts: 0, reason: null, is_dead: false },
      { sequence: 3, attempts: 0, reason: null, is_dead: false },
    ])
  })

  test('tell how many wait and how many are dead', async () => {
    await it.db.run(sql`insert into messaging.parked (consumer, message_id, aggregate_id, sequence, envelope, dead_at)
      select ${queue}, gen_random_uuid(), 'a', n, '{}', case when n = 1 then now() end from generate_series(1, 3) n`)
    await it.start(() => {}, { ordered: true })
    await eventually(async () =>
      expect(await metricOf(it.metrics, 'events_parked', { state: 'waiting' })).toBe(2),
    )
    expect(await metricOf(it.metrics, 'events_parked', { state: 'dead' })).toBe(1)
  })
})
