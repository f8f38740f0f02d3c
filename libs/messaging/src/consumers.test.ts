import { userLoggedIn, userUpdated } from '@sandkeep/contracts'
import { newId, sql } from '@sandkeep/postgres'
import { context, newTraceparent, traceIdOf } from '@sandkeep/service-kit'
import { eventually } from '@sandkeep/testkit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ConsumerHarness, consumerHarness, envelope, queue } from '../test/consumer-harness.ts'
import { announce, metricOf } from '../test/fixture.ts'
import { pruneInbox } from './inbox.ts'
import { type HandlerContext, outbox, PermanentError } from './index.ts'

let it: ConsumerHarness
beforeEach(async () => {
  it = await consumerHarness()
})
afterEach(() => it[Symbol.asyncDispose]())

/** Publishes past the outbox what an outbox would publish: to repeat or to break it. */
async function publishRaw(type: string, body: unknown, id = newId()): Promise<void> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  void it.bus.publish({ id, type, body: Buffer.from(text) })
}

describe('handling once', () => {
  test('an event that arrives twice has its effect once', async () => {
    await it.start(() => {})
    const event = envelope(newId(), 1)
    await publishRaw(event.type, event, event.id)
    await publishRaw(event.type, event, event.id)
    await eventually(async () => expect(await metricOf(it.metrics, 'inbox_duplicates_total')).toBe(1))
    expect(await it.effects()).toEqual([1])
  })

  test('a failed handling leaves no effect and is tried again', async () => {
    let tries = 0
    await it.start(async ({ tx, event }) => {
      await tx.run(sql`insert into effects (user_id, version) values (${event.subject}, 99)`)
      if (++tries < 3) throw new Error('not yet')
      await tx.run(sql`delete from effects where version = 99`)
    })
    await announce(it.db, 1)
    await it.settled()
    expect(tries).toBe(3)
    expect(await it.effects()).toEqual([1])
  })

  test('data and identity of the event reach the handler', async () => {
    const seen: HandlerContext<ReturnType<typeof userUpdated.fromJson>>[] = []
    await it.start((context) => void seen.push(context))
    const userId = await announce(it.db, 1)
    await it.settled()
    expect(seen).toHaveLength(1)
    expect(seen[0]?.event).toMatchObject({
      subject: userId,
      sequence: 1,
      data: { userId, username: 'ada-1' },
    })
    expect(seen[0]?.replay).toBe(false)
  })

  test('an event of a type without a handler is left alone', async () => {
    await it.start(() => {})
    await it.bus.send(queue, {
      id: newId(),
      type: userLoggedIn.type,
      body: Buffer.from(
        JSON.stringify({
          ...envelope(newId(), 1),
          type: userLoggedIn.type,
        }),
      ),
    })
    expect(await metricOf(it.metrics, 'events_handled_total', { outcome: 'ignored' })).toBe(1)
    expect(await it.dead()).toEqual([])
  })
})

test('what an event causes names it, and belongs to the same request', async () => {
  await it.start(async ({ tx, event }) => {
    const data = { userId: event.subject, sessionId: 's' }
    await outbox.add(tx, userLoggedIn, { aggregateId: event.subject, aggregateVersion: 1, data })
  })
  const request = { traceparent: newTraceparent(), correlationId: 'request-7', actor: 'user:ada' }
  await context.run(request, () => announce(it.db, 1))
  await eventually(async () => {
    // The log has the order of the confirms, ids that of the events.
    const [cause, effect] = await it.db.query<{ id: string; context: Record<string, string> }>(sql`
      select id, context from messaging.event_log order by id`)
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
    await it.start(() => {
      tries++
      throw new TypeError('no such column')
    })
    await announce(it.db, 1)
    await it.settled()
    expect(tries).toBe(3)
    expect(await it.dead()).toMatchObject([
      { reason: 'TypeError: no such column', attempts: 3, type: userUpdated.type },
    ])
    expect(await metricOf(it.metrics, 'events_dead_total', { queue })).toBe(1)
  })

  test('a permanent error is not tried again', async () => {
    let tries = 0
    await it.start(() => {
      tries++
      throw new PermanentError('this user is a robot')
    })
    await announce(it.db, 1)
    await it.settled()
    expect(tries).toBe(1)
    expect(await it.dead()).toMatchObject([{ reason: 'PermanentError: this user is a robot', attempts: 1 }])
  })

  test.each([
    ['what is no JSON', 'not json', /not JSON/],
    ['what is no envelope', { hello: 'world' }, /specversion/],
    ['data that does not fit the contract', { ...envelope('u', 1), data: { userId: 7 } }, /user_?[iI]d/],
  ])('%s is dead at once and harms nothing else', async (_what, body, reason) => {
    await it.start(() => {})
    await publishRaw(userUpdated.type, body)
    await announce(it.db, 3)
    await it.settled()
    await eventually(async () =>
      expect(await it.dead()).toMatchObject([{ reason: expect.stringMatching(reason) }]),
    )
    expect((await it.effects()).sort()).toEqual([1, 2, 3])
  })

  test('an event handed out again and again without an outcome is dead before it is handled', async () => {
    let tries = 0
    await it.start(() => void tries++)
    const event = envelope(newId(), 1)
    await it.db.run(
      sql`insert into messaging.redeliveries (consumer, message_id, count) values (${queue}, ${event.id}, 10)`,
    )
    void it.bus.publish({
      id: event.id,
      type: event.type,
      body: Buffer.from(JSON.stringify(event)),
      redelivered: true,
    })
    await eventually(async () =>
      expect(await it.dead()).toMatchObject([{ reason: 'handed out 11 times without an outcome' }]),
    )
    expect(tries).toBe(0)
  })

  test('a failure that is no crash does not count as one', async () => {
    let tries = 0
    await it.start(() => {
      if (++tries < 3) throw new Error('not yet')
    })
    const event = envelope(newId(), 1)
    void it.bus.publish({
      id: event.id,
      type: event.type,
      body: Buffer.from(JSON.stringify(event)),
      redelivered: true,
    })
    await eventually(async () => expect(await it.effects()).toEqual([1]))
    expect(await it.db.query(sql`select from messaging.redeliveries`)).toEqual([])
  })
})

test('what was handled long ago is forgotten, however much it is', async () => {
  await it.db.run(sql`insert into messaging.inbox (consumer, message_id, handled_at)
    select ${queue}, gen_random_uuid(), now() - n * interval '1 day' from generate_series(29, 31) as n, generate_series(1, 12000)`)
  await pruneInbox(it.db)
  expect(await it.db.one(sql`select count(*) as n from messaging.inbox`)).toEqual({ n: 12_000 })
})
