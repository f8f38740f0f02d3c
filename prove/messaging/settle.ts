import { setTimeout as delay } from 'node:timers/promises'
import { type DeadLetter, openBus } from '@sandkeep/messaging'
import { type Database, sql } from '@sandkeep/postgres'
import { pino } from 'pino'
import { countStale } from './findings.ts'
import type { Fleet } from './fleet.ts'
import { purposes, queuesOfEffects } from './process-protocol.ts'

const pollMs = 250
const lettersPollMs = 2_000
const patienceMs = 600_000
/**
 * Longer than any time-out after which something comes back by itself. The longest is the broker's: what it was
 * handing from one queue to another when it died, it hands over again after three minutes.
 */
const quietMs = 240_000

interface Progress {
  isComplete: boolean
  text: string
}

/**
 * Waits until nothing is under way any more, or nothing has changed for a while: what is missing then is lost.
 * Answers how long it took, in milliseconds.
 */
export async function settled(fleet: Fleet, stop: AbortSignal): Promise<number> {
  const startedAt = performance.now()
  const deadline = startedAt + patienceMs
  let last = ''
  let changedAt = startedAt
  for (; performance.now() < deadline; await delay(pollMs, undefined, { signal: stop })) {
    const now = await progress(fleet)
    if (now.isComplete) break
    if (now.text !== last) changedAt = performance.now()
    last = now.text
    if (performance.now() - changedAt > quietMs) {
      console.log(`  nothing moves any more: ${now.text}`)
      break
    }
  }
  return performance.now() - startedAt
}

async function progress({ databases, published }: Fleet): Promise<Progress> {
  const { identity, sandbox, effects } = databases
  const outboxes = [await pendingIn(identity), await pendingIn(sandbox)]
  const logged = (await loggedIn(identity)) + (await loggedIn(sandbox))
  const row = await effects.one<{ effects: number; parked: number }>(sql`
    select (select count(*) from effects) as effects,
      (select count(*) from messaging.parked where dead_at is null) as parked`)
  const { effects: applied = 0, parked = 0 } = row ?? {}
  const stale = await countStale({ databases })
  const isDone = outboxes.every((n) => n === 0) && parked === 0 && stale === 0
  const isComplete = isDone && applied >= logged * purposes.length
  return {
    isComplete,
    text: JSON.stringify({ outboxes, logged, applied, parked, stale, poison: published.size }),
  }
}

const count = async (db: Database, query: Parameters<Database['one']>[0]): Promise<number> =>
  (await db.one<{ n: number }>(query))?.n ?? 0
const pendingIn = (db: Database) => count(db, sql`select count(*) as n from messaging.outbox`)
const loggedIn = (db: Database) => count(db, sql`select count(*) as n from messaging.event_log`)

/** Waits until every queue holds all poison as dead letters, or for a while; answers them. Some may be there twice. */
export async function readLetters(fleet: Fleet): Promise<DeadLetter[][]> {
  await using bus = await openBus(fleet.busUrl, { log: pino({ level: 'silent' }), name: 'prover' })
  const deadline = performance.now() + quietMs
  const read = async (queue: string): Promise<DeadLetter[]> => {
    const letters: DeadLetter[] = []
    await bus.reviewDeadLetters(queue, async (letter) => {
      letters.push(letter)
      return 'keep'
    })
    const found = new Set(letters.map(({ messageId }) => messageId))
    if (fleet.published.isSubsetOf(found) || performance.now() > deadline) return letters
    await delay(lettersPollMs)
    return await read(queue)
  }
  while (bus.status() !== 'up') {
    if (fleet.broker === null) bus.resume()
    await delay(pollMs)
  }
  return await Promise.all(queuesOfEffects(fleet.consumer).map(read))
}
