import { type Database, sql } from '@sandkeep/postgres'
import type { Fate } from '../harness/ledger.ts'
import { purposes } from './pair-protocol.ts'

/** What the ledger and the database disagree about; all zero when everything held. */
export interface Findings {
  /** Acknowledged commands without their change. */
  lostChanges: number
  /** Changes without an event in the log, or without an effect at one of the consumers. */
  lostEvents: number
  /** Changes nobody asked for, events and effects without a change. */
  invented: number
  /** Events logged twice, effects applied twice. */
  appliedTwice: number
  /** Effects of the ordered consumer against the order of their aggregate. */
  outOfOrder: number
  /** Positions of the log that are missing. */
  gaps: number
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
  dead: 0,
}

interface Row {
  command_id: string
}

/** Compares what was asked and answered with what the stores hold. */
export async function compare(db: Database, fates: Map<string, Fate>, dead: number): Promise<Findings> {
  const changes = await idsOf(db, sql`select command_id from changes`)
  const logged = await idsOf(db, sql`select data->>'username' as command_id from messaging.event_log`)
  const effects = await Promise.all(
    purposes.map((purpose) => idsOf(db, sql`select command_id from effects where consumer = ${purpose}`)),
  )
  const made = new Set(changes)
  const acknowledged = [...fates].filter(([, fate]) => fate === 'ok').map(([id]) => id)
  const places = [logged, ...effects]
  return {
    lostChanges: acknowledged.filter((id) => !made.has(id)).length,
    lostEvents: sum(places.map((ids) => missing(changes, ids))),
    invented: changes.filter((id) => !fates.has(id)).length + sum(places.map((ids) => missing(ids, changes))),
    appliedTwice: sum(places.map((ids) => ids.length - new Set(ids).size)),
    outOfOrder: await countOutOfOrder(db),
    gaps: await countGaps(db),
    dead,
  }
}

const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0)

function missing(ids: string[], from: string[]): number {
  const there = new Set(from)
  return ids.filter((id) => !there.has(id)).length
}

async function idsOf(db: Database, query: Parameters<Database['query']>[0]): Promise<string[]> {
  return (await db.query<Row>(query)).map((row) => row.command_id)
}

async function countOutOfOrder(db: Database): Promise<number> {
  const row = await db.one<{ n: number }>(sql`
    select count(*) as n from (
      select version, max(version) over (partition by aggregate_id order by seq rows between unbounded preceding
        and 1 preceding) as before from effects where consumer = 'ordered'
    ) it where version < before`)
  return row?.n ?? 0
}

async function countGaps(db: Database): Promise<number> {
  const row = await db.one<{ n: number }>(sql`
    select coalesce(max(position), 0) - count(*) as n from messaging.event_log`)
  return Math.abs(row?.n ?? 0)
}
