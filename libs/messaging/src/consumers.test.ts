import { userLoggedIn, userUpdated } from '@sandkeep/contracts'
import { type Database, newId, sql } from '@sandkeep/postgres'
import { context, newTraceparent, traceIdOf } from '@sandkeep/service-kit'
import { eventually } from '@sandkeep/testkit'
import type { Registry } from 'prom-client'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { account, announce, log, messagingFixture, metricOf, pending } from '../test/fixture.ts'
import { pruneInbox } from './inbox.ts'
import {
  type Bus,
  type ConsumerOptions,
  consumer,
  type DeadLetter,
  type HandlerContext,
  handle,
  outbox,
  PermanentError,
  startConsumers,
  startRelay,
} from './index.ts'

type Updated = ReturnType<typeof userUpdated.fromJson>
type Step = (context: HandlerContext<Updated>) => Promise<void> | void

let stack: AsyncDisposableStack
let db: Database
let bus: Bus
let metrics: Registry

beforeEach(async () => {
  stack = new AsyncDisposableStack()
  ;({ db, bus, metrics } = await messagingFixture(stack))
  await db.run(sql`create table effects (
    seq bigint generated always as identity, user_id text not null, version integer not null)`)
})
afterEach(() => stack.disposeAsync())

const queue = 'test.accounts'

/** A consumer that records each event as an effect after `step` had its say. */
async function start(step: Step, options: Partial<ConsumerOptions> = {}, newestOnly = false): Promise<void> {
  const record = handle(
    userUpdated,
    async (context) => {
      await step(context)
      const { event, tx } = context
      await tx.run(sql`insert into effects (user_id, version) values (${event.subject}, ${event.sequence})`)
    },
    { newestOnly },
  )
  const definition = consumer({
    queue,
    ordered: false,
    retryDelaysMs: [20, 40],
    ...options,
    handlers: [record],
  })
  const consumers = stack.use(await startConsumers({ db, bus, consumers: [definition], log, metrics }))
  await consumers.ready()
  bus.resume()
  stack.use(startRelay({ db, bus, owner: 'identity', log, metrics }))
}

const effects = async (userId?: string) => {
  const rows = await db.query<{ user_id: string; version: number }>(
    sql`select user_id, version from effects order by seq`,
  )
  return rows.filter((row) => !userId || row.user_id === userId).map((row) => row.version)
}

const settled = () => eventually(async () => expect(await pending(db)).toBe(0))

const dead = async (): Promise<DeadLetter[]> => {
  const letters: DeadLetter[] = []
  await bus.reviewDeadLetters(queue, async (letter) => {
    letters.push(letter)
    return 'keep'
  })
  return letters
}

/** Publishes past the outbox what an outbox would publish: to repeat or to break it. */
async function publishRaw(type: string, body: unknown, id = newId()): Promise<void> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  void bus.publish({ id, type, body: Buffer.from(text) })
}

const envelope = (userId: string, sequence: number) => ({
  specversion: '1.0',
  id: newId(),
  source: '/sandkeep/identity',
  type: userUpdated.type,
  subject: userId,
  sequence,
  time: new Date().toISOString(),
  datacontenttype: 'application/json',
  data: userUpdated.toJson(account(userId)),
})

describe('handling once', () => {
  test('an event that arrives twice has its effect once', async () => {
    await start(() => {})
    const event = envelope(newId(), 1)
    await publishRaw(event.type, event, event.id)
    await publishRaw(event.type, event, event.id)
    await eventually(async () => expect(await metricOf(metrics, 'inbox_duplicates_total')).toBe(1))
    expect(await effects()).toEqual([1])
  })

  test('a failed handling leaves no effect and is tried again', async () => {
    let tries = 0
    await start(async ({ tx, event }) => {
      await tx.run(sql`insert into effects (user_id, version) values (${event.subject}, 99)`)
      if (++tries < 3) throw new Error('not yet')
      await tx.run(sql`delete from effects where version = 99`)
    })
    await announce(db, 1)
    await settled()
    expect(tries).toBe(3)
    expect(await effects()).toEqual([1])
  })

  test('data and identity of the event reach the handler', async () => {
    const seen: HandlerContext<Updated>[] = []
    await start((context) => void seen.push(context))
    const userId = await announce(db, 1)
    await settled()
    expect(seen).toHaveLength(1)
    expect(seen[0]?.event).toMatchObject({
      subject: userId,
      sequence: 1,
      data: { userId, username: 'ada-1' },
    })
    expect(seen[0]?.replay).toBe(false)
  })

  test('an event of a type without a handler is left alone', async () => {
    await start(() => {})
    await bus.send(queue, {
      id: newId(),
      type: userLoggedIn.type,
      body: Buffer.from(
        JSON.stringify({
          ...envelope(newId(), 1),
          type: userLoggedIn.type,
        }),
      ),
    })
    expect(await metricOf(metrics, 'events_handled_total', { outcome: 'ignored' })).toBe(1)
    expect(await dead()).toEqual([])
  })
})

test('what an event causes names it, and belongs to the same request', async () => {
  await start(async ({ tx, event }) => {
    const data = { userId: event.subject, sessionId: 's' }
    await outbox.add(tx, userLoggedIn, { aggregateId: event.subject, aggregateVersion: 1, data })
  })
  const request = { traceparent: newTraceparent(), correlationId: 'request-7', actor: 'user:ada' }
  await context.run(request, () => announce(db, 1))
  await eventually(async () => {
    const [cause, effect] = await db.query<{ id: string; context: Record<string, string> }>(sql`
      select id, context from messaging.event_log order by position`)
    expect(cause?.context).toMatchObject({ correlationid: 'request-7', actor: 'user:ada' })
    expect(effect?.context).toMatchObject({
      causationid: cause?.id,
      correlationid: 'request-7',
      actor: 'user:ada',
    })
    expect(traceIdOf(effect?.context['traceparent'] ?? '')).toBe(traceIdOf(request.traceparent))
    expect(effect?.context['traceparent']).not.toBe(request.traceparent)
  })
})

describe('giving up', () => {
  test('after the last delay the event is dead, with its reason', async () => {
    let tries = 0
    await start(() => {
      tries++
      throw new TypeError('no such column')
    })
    await announce(db, 1)
    await settled()
    expect(tries).toBe(3)
    expect(await dead()).toMatchObject([
      { reason: 'TypeError: no such column', attempts: 3, type: userUpdated.type },
    ])
    expect(await metricOf(metrics, 'events_dead_total', { queue })).toBe(1)
  })

  test('a permanent error is not tried again', async () => {
    let tries = 0
    await start(() => {
      tries++
      throw new PermanentError('this user is a robot')
    })
    await announce(db, 1)
    await settled()
    expect(tries).toBe(1)
    expect(await dead()).toMatchObject([{ reason: 'PermanentError: this user is a robot', attempts: 1 }])
  })

  test.each([
    ['what is no JSON', 'not json', /not JSON/],
    ['what is no envelope', { hello: 'world' }, /specversion/],
    ['data that does not fit the contract', { ...envelope('u', 1), data: { userId: 7 } }, /user_?[iI]d/],
  ])('%s is dead at once and harms nothing else', async (_what, body, reason) => {
    await start(() => {})
    await publishRaw(userUpdated.type, body)
    await announce(db, 3)
    await settled()
    await eventually(async () =>
      expect(await dead()).toMatchObject([{ reason: expect.stringMatching(reason) }]),
    )
    expect((await effects()).sort()).toEqual([1, 2, 3])
  })

  test('an event handed out again and again without an outcome is dead before it is handled', async () => {
    let tries = 0
    await start(() => void tries++)
    const event = envelope(newId(), 1)
    await db.run(
      sql`insert into messaging.redeliveries (consumer, message_id, count) values (${queue}, ${event.id}, 10)`,
    )
    void bus.publish({
      id: event.id,
      type: event.type,
      body: Buffer.from(JSON.stringify(event)),
      redelivered: true,
    })
    await eventually(async () =>
      expect(await dead()).toMatchObject([{ reason: 'handed out 11 times without an outcome' }]),
    )
    expect(tries).toBe(0)
  })

  test('a failure that is no crash does not count as one', async () => {
    let tries = 0
    await start(() => {
      if (++tries < 3) throw new Error('not yet')
    })
    const event = envelope(newId(), 1)
    void bus.publish({
      id: event.id,
      type: event.type,
      body: Buffer.from(JSON.stringify(event)),
      redelivered: true,
    })
    await eventually(async () => expect(await effects()).toEqual([1]))
    expect(await db.query(sql`select from messaging.redeliveries`)).toEqual([])
  })
})

test('what was handled long ago is forgotten, however much it is', async () => {
  await db.run(sql`insert into messaging.inbox (consumer, message_id, handled_at)
    select ${queue}, gen_random_uuid(), now() - n * interval '1 day' from generate_series(29, 31) as n, generate_series(1, 12000)`)
  await pruneInbox(db)
  expect(await db.one(sql`select count(*) as n from messaging.inbox`)).toEqual({ n: 12_000 })
})

describe('a database that is away', () => {
  test('does not count against the event', async () => {
    let tries = 0
    await start(
      () => {
        if (++tries <= 2) throw Object.assign(new Error('terminating connection'), { code: '57P01' })
      },
      { retryDelaysMs: [] },
    )
    await announce(db, 1)
    await settled()
    expect(tries).toBe(3)
    expect(await effects()).toEqual([1])
    expect(await dead()).toEqual([])
  })

  test.each([true, false])(
    'in the middle of a handling keeps the event in its place (ordered: %s)',
    async (ordered) => {
      let tries = 0
      await start(
        async ({ tx }) => {
          if (++tries > 1) return
          const backend = await tx.one<{ pid: number }>(sql`select pg_backend_pid() as pid`)
          await db.run(sql`select pg_terminate_backend(${backend?.pid})`)
          await eventually(() => expect(tx.run(sql`select 1`)).rejects.toThrow('not queryable'))
          await tx.run(sql`select 1`)
        },
        { ordered, retryDelaysMs: [3_600_000] },
      )
      await announce(db, 3)
      await settled()
      expect((await effects()).toSorted()).toEqual([1, 2, 3])
      if (ordered) expect(await effects()).toEqual([1, 2, 3])
    },
  )
})

describe('consumers of state', () => {
  test('drop what is older than the newest they applied, and apply what is as new', async () => {
    await start(() => {}, {}, true)
    const userId = newId()
    for (const version of [2, 1, 2, 3]) {
      const event = envelope(userId, version)
      await bus.publish({ id: event.id, type: event.type, body: Buffer.from(JSON.stringify(event)) })
    }
    expect(await effects(userId)).toEqual([2, 2, 3])
    expect(await metricOf(metrics, 'events_handled_total', { outcome: 'stale' })).toBe(1)
  })
})

describe('unordered consumers', () => {
  test('handle later events of an aggregate while an earlier one waits', async () => {
    let isBroken = true
    await start(
      ({ event }) => {
        if (event.sequence === 1 && isBroken) throw new Error('not yet')
      },
      { retryDelaysMs: Array(100).fill(20) },
    )
    const userId = await announce(db, 3)
    await eventually(async () => expect((await effects(userId)).sort()).toEqual([2, 3]))
    isBroken = false
    await eventually(async () => expect((await effects(userId)).at(2)).toBe(1))
  })
})

describe('ordered consumers', () => {
  test('let later events of an aggregate wait behind a failed one, and those of others pass', async () => {
    let isBroken = true
    const broken = newId()
    await start(
      ({ event }) => {
        if (event.subject === broken && event.sequence === 2 && isBroken) throw new Error('not yet')
      },
      { ordered: true, retryDelaysMs: [20, 20, 20, 20, 60_000] },
    )
    await announce(db, 4, broken)
    const other = await announce(db, 3)
    await eventually(async () => expect(await effects(other)).toEqual([1, 2, 3]))
    await settled()
    expect(await effects(broken)).toEqual([1])
    isBroken = false
    await eventually(async () => expect(await effects(broken)).toEqual([1, 2, 3, 4]))
    expect(await db.query(sql`select from messaging.parked`)).toEqual([])
  })

  test('handle the events of one aggregate one at a time and in order', async () => {
    let inHand = 0
    await start(
      async () => {
        expect(++inHand).toBe(1)
        await new Promise(setImmediate)
        inHand--
      },
      { ordered: true, retryDelaysMs: [] },
    )
    const userId = await announce(db, 50)
    await settled()
    expect(await effects(userId)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1))
  })

  test('keep the aggregate waiting behind a dead event', async () => {
    await start(
      ({ event }) => {
        if (event.sequence === 1) throw new PermanentError('beyond repair')
      },
      { ordered: true },
    )
    const userId = await announce(db, 3)
    await settled()
    expect(await effects(userId)).toEqual([])
    const rows = await db.query(sql`
      select sequence, attempts, reason, dead_at is not null as is_dead from messaging.parked order by sequence`)
    expect(rows).toEqual([
      { sequence: 1, attempts: 1, reason: 'PermanentError: beyond repair', is_dead: true },
      { sequence: 2, attempts: 0, reason: null, is_dead: false },
      { sequence: 3, attempts: 0, reason: null, is_dead: false },
    ])
  })

  test('tell how many wait and how many are dead', async () => {
    await db.run(sql`insert into messaging.parked (consumer, message_id, aggregate_id, sequence, envelope, dead_at)
      select ${queue}, gen_random_uuid(), 'a', n, '{}', case when n = 1 then now() end from generate_series(1, 3) n`)
    await start(() => {}, { ordered: true })
    await eventually(async () =>
      expect(await metricOf(metrics, 'events_parked', { state: 'waiting' })).toBe(2),
    )
    expect(await metricOf(metrics, 'events_parked', { state: 'dead' })).toBe(1)
  })
})
