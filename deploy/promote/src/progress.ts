import { StartRefusedError, type StoredService } from '@sandkeep/embedded/parts'
import type pg from 'pg'
import { isEmptyTable, listTables } from './tables.ts'

/** What was done in a target, written down in the target itself with what it was. */
export interface Progress {
  isDone(step: string): boolean
  /** Part of the transaction that makes it so. */
  done(step: string): Promise<void>
  /** Throws `StartRefusedError` when a store that was not begun yet holds something already. */
  begin(store: string, isEmpty: () => Promise<boolean>): Promise<void>
}

/** Tells one source from all others, and its databases from each other. */
async function identify(source: pg.Client): Promise<string> {
  const { rows } = await source.query<{ id: string }>(
    `select system_identifier || '/' || current_database() as id from pg_control_system()`,
  )
  return rows[0]?.id ?? ''
}

export const finished = 'finished'

/** Throws `StartRefusedError` unless the target is empty, or holds a half-done promotion of this source. */
export async function openProgress(
  service: StoredService,
  source: pg.Client,
  target: pg.Client,
): Promise<Progress> {
  const id = await identify(source)
  const known = await target.query<{ schema: string | null }>(
    `select to_regclass('promotion.steps') as schema`,
  )
  if (known.rows[0]?.schema == null) await begin(service, id, target)
  const { rows } = await target.query<{ source: string; step: string }>(
    'select source, step from promotion.steps',
  )
  if (rows.some((it) => it.source !== id)) throw refusal(service, 'holds what was promoted from other data')
  const steps = new Set(rows.map((it) => it.step))
  if (steps.has(finished)) throw refusal(service, 'holds this data already, promoted and verified')
  const done = async (step: string) => {
    await target.query('insert into promotion.steps (source, step) values ($1, $2)', [id, step])
    steps.add(step)
  }
  return {
    isDone: (step) => steps.has(step),
    done,
    async begin(store, isEmpty) {
      if (steps.has(store)) return
      if (!(await isEmpty()))
        throw new StartRefusedError(`The target's ${store} of ${service} are not empty. Name an empty place.`)
      await done(store)
    },
  }
}

async function begin(service: StoredService, id: string, target: pg.Client): Promise<void> {
  for (const table of await listTables(target)) {
    if (await isEmptyTable(target, table)) continue
    if (!seeded.has(table.name)) throw refusal(service, `is not empty: ${table.name} has rows`)
  }
  await target.query(`create schema promotion;
    create table promotion.steps (
      source text not null, step text primary key, at timestamptz not null default now())`)
  await target.query(`insert into promotion.steps (source, step) values ($1, 'begun')`, [id])
}

/** Migrations put a first row there. */
const seeded = new Set(['messaging.event_log_head'])

const refusal = (service: StoredService, what: string) =>
  new StartRefusedError(`The database of ${service} ${what}. Give an empty one.`)
