import type { DeadLetter } from '@sandkeep/messaging'
import { type Database, sql } from '@sandkeep/postgres'
import type { Fate } from '../harness/ledger.ts'
import type { Fleet } from './fleet.ts'
import type { Lane } from './lanes.ts'
import { purposes } from './process-protocol.ts'

/** What the ledger and the stores disagree about; all zero when everything held. */
export interface Findings {
  /** Acknowledged writes without an event, and aggregates older than an answer said. */
  lostChanges: number
  /** Events without an effect at one of the consumers, and accounts that sandbox knows in an older state. */
  lostEvents: number
  /** Events that nobody's write explains, those of refused writes, and effects without an event. */
  invented: number
  /** Effects applied twice. */
  appliedTwice: number
  /** Effects of the ordered consumer against the order of their aggregate. */
  outOfOrder: number
  /** Positions of the logs that are missing. */
  gaps: number
  /** Poison that is not among the dead letters of each queue, or there without a reason. */
  poisonMissing: number
  /** Events given up although nothing was wrong with them. */
  dead: number
}

export const noFindings: Findings = {
  lostChanges: 0,
  lostEvents: 0,
  invented: 0,
  appliedTwice: 0,
  outOfOrder: 0,
  gaps: 0,
  poisonMissing: 0,
  dead: 0,
}

interface Evidence {
  fleet: Fleet
  fates: Map<string, Fate>
  lanes: Lane[]
  /** What was dropped into the bus, and of that what it confirmed. */
  poison: { dropped: string[]; published: Set<string> }
  /** Of each queue whose effects are counted. */
  letters: DeadLetter[][]
}

/** Compares what was asked and answered with what the stores hold. */
export async function compare({ fleet, fates, lanes, poison, letters }: Evidence): Promise<Findings> {
  const { identity, sandbox, effects } = fleet.databases
  const logs = [await loggedIn(identity), await loggedIn(sandbox)]
  if (logs.some((log) => log.length === 0))
    throw new Error('a service announced nothing: no write reached it')
  const logged = logs.flat()
  const announced = new Set(logged.map((row) => row.request))
  const events = new Set(logged.map((row) => row.id))
  const applied = await Promise.all(purposes.map((purpose) => effectsOf(effects, purpose)))
  const acknowledged = [...fates].filter(([, fate]) => fate === 'ok').map(([id]) => id)
  const dropped = new Set(poison.dropped)
  return {
    lostChanges: missing(acknowledged, announced) + (await countOld(fleet, lanes)),
    lostEvents: sum(applied.map((ids) => missing(events, new Set(ids)))) + (await countStale(fleet)),
    invented:
      logged.filter(({ request }) => !isExplained(fates.get(request))).length +
      sum(applied.map((ids) => missing(ids, events))),
    appliedTwice: logged.length - events.size + sum(applied.map((ids) => ids.length - new Set(ids).size)),
    outOfOrder: await countOutOfOrder(effects),
    gaps: (await countGaps(identity)) + (await countGaps(sandbox)),
    poisonMissing: sum(letters.map((those) => missing(poison.published, idsWithReason(those)))),
    dead: sum(letters.map((those) => missing(idsWithReason(those), dropped))) + (await countBuried(effects)),
  }
}

const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0)
const isExplained = (fate: Fate | undefined) => fate === 'ok' || fate === 'unknown'
const idsWithReason = (letters: DeadLetter[]) =>
  new Set(letters.filter(({ reason }) => reason !== '').map(({ messageId }) => messageId))

function missing(ids: Iterable<string>, from: ReadonlySet<string>): number {
  return [...ids].filter((id) => !from.has(id)).length
}

const loggedIn = (db: Database) =>
  db.query<{ id: string; request: string }>(sql`
    select id, coalesce(context->>'correlationid', '') as request from messaging.event_log`)

async function effectsOf(db: Database, purpose: string): Promise<string[]> {
  const rows = await db.query<{ event_id: string }>(
    sql`select event_id from effects where consumer = ${purpose}`,
  )
  return rows.map((row) => row.event_id)
}

/** Aggregates that are older than the newest answer about them. */
async function countOld({ databases }: Fleet, lanes: Lane[]): Promise<number> {
  let count = 0
  for (const seen of lanes.map((lane) => lane.seen())) {
    if (!seen) continue
    const db = seen.table === 'users' ? databases.identity : databases.sandbox
    const row = await db.one<{ version: number }>(
      sql`select version from ${sql.identifier(seen.table)} where id = ${seen.id}`,
    )
    if ((row?.version ?? 0) < seen.version) count += 1
  }
  return count
}

/** Accounts whose newest event has not reached sandbox, a consumer as every service has them. */
export async function countStale({
  databases: { identity, sandbox },
}: Pick<Fleet, 'databases'>): Promise<number> {
  const newest = await identity.query<{ id: string; version: number }>(sql`
    select aggregate_id as id, max(aggregate_version) as version from messaging.event_log group by 1`)
  const known = await sandbox.query<{ id: string; version: number }>(
    sql`select id, version from account_refs`,
  )
  const versions = new Map(known.map((row) => [row.id, row.version]))
  return newest.filter(({ id, version }) => versions.get(id) !== version).length
}

/** Says which they are: an order is hard to find again in a run that is over. */
async function countOutOfOrder(db: Database): Promise<number> {
  const rows = await db.query<{
    aggregate_id: string
    version: number
    before: number
    event_id: string
  }>(sql`
    select aggregate_id, version, before, event_id from (
      select *, max(version) over (partition by aggregate_id order by seq rows between unbounded preceding
        and 1 preceding) as before from effects where consumer = 'ordered'
    ) it where version < before order by seq`)
  for (const { aggregate_id, version, before, event_id } of rows.slice(0, 5))
    console.log(`  ${aggregate_id}: version ${version} after ${before} (event ${event_id})`)
  return rows.length
}

async function countGaps(db: Database): Promise<number> {
  const row = await db.one<{ n: number }>(sql`
    select coalesce(max(position), 0) - count(*) as n from messaging.event_log`)
  return Math.abs(row?.n ?? 0)
}

async function countBuried(db: Database): Promise<number> {
  const row = await db.one<{ n: number }>(sql`
    select count(*) as n from messaging.parked where dead_at is not null`)
  return row?.n ?? 0
}
