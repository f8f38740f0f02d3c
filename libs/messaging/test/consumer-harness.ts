import { userUpdated } from '@sandkeep/contracts'
import { type Database, newId, sql } from '@sandkeep/postgres'
import { capturedLogs, eventually } from '@sandkeep/testkit'
import { pino } from 'pino'
import type { Registry } from 'prom-client'
import { expect } from 'vitest'
import {
  type Bus,
  type ConsumerOptions,
  consumer,
  type DeadLetter,
  type HandlerContext,
  handle,
  startConsumers,
  startRelay,
} from '../src/index.ts'
import { account, messagingFixture, pending } from './fixture.ts'

type Updated = ReturnType<typeof userUpdated.fromJson>
type Step = (context: HandlerContext<Updated>) => Promise<void> | void

export const queue = 'test.accounts'

export interface ConsumerHarness extends AsyncDisposable {
  db: Database
  bus: Bus
  metrics: Registry
  /** Starts a consumer that records each event as an effect after `step` had its say, and a relay. */
  start: (step: Step, options?: Partial<ConsumerOptions>, newestOnly?: boolean) => Promise<void>
  /** Versions whose effects are there, in the order of the effects; of one account or of all. */
  effects: (userId?: string) => Promise<number[]>
  /** Waits until everything is published. */
  settled: () => Promise<void>
  dead: () => Promise<DeadLetter[]>
  /** What the log says so far about events that wait for the database. */
  waits: () => string
}

export async function consumerHarness(): Promise<ConsumerHarness> {
  const stack = new AsyncDisposableStack()
  const { db, bus, metrics } = await messagingFixture(stack)
  const logs = capturedLogs()
  const log = pino({ level: 'warn' }, logs)
  await db.run(sql`create table effects (
    seq bigint generated always as identity, user_id text not null, version integer not null)`)

  return {
    db,
    bus,
    metrics,
    async start(step, options = {}, newestOnly = false) {
      const record = handle(
        userUpdated,
        async (context) => {
          await step(context)
          const { event, tx } = context
          await tx.run(
            sql`insert into effects (user_id, version) values (${event.subject}, ${event.sequence})`,
          )
        },
        { newestOnly },
      )
      const defaults = { queue, ordered: false, retryDelaysMs: [20, 40] }
      const definition = consumer({ ...defaults, ...options, handlers: [record] })
      const consumers = stack.use(await startConsumers({ db, bus, consumers: [definition], log, metrics }))
      await consumers.ready()
      bus.resume()
      stack.use(startRelay({ db, bus, owner: 'identity', log, metrics }))
    },
    async effects(userId) {
      const rows = await db.query<{ user_id: string; version: number }>(
        sql`select user_id, version from effects order by seq`,
      )
      return rows.filter((row) => !userId || row.user_id === userId).map((row) => row.version)
    },
    settled: () => eventually(async () => expect(await pending(db)).toBe(0)),
    async dead() {
      const letters: DeadLetter[] = []
      await bus.reviewDeadLetters(queue, async (letter) => {
        letters.push(letter)
        return 'keep'
      })
      return letters
    },
    waits: () => JSON.stringify(logs.lines.filter(({ msg }) => msg === 'event waits for the database')),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** An event about the account as it travels. */
export const envelope = (userId: string, sequence: number) => ({
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
