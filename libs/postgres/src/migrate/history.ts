import type pg from 'pg'
import type { Migration } from './migration-files.ts'

/** Prisma's own table, so that its commands and this runner agree about what was applied. */
const table = `create table if not exists _prisma_migrations (
  id varchar(36) primary key not null,
  checksum varchar(64) not null,
  finished_at timestamptz,
  migration_name varchar(255) not null,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz not null default now(),
  applied_steps_count integer not null default 0
)`

export interface Applied {
  name: string
  checksum: string
  finished: boolean
}

export async function readHistory(client: pg.Client): Promise<Applied[]> {
  await client.query(table)
  const { rows } = await client.query<Applied>(`
    select migration_name as name, checksum, finished_at is not null as finished
    from _prisma_migrations where rolled_back_at is null`)
  return rows
}

export async function recordStart(client: pg.Client, { name, checksum }: Migration): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `insert into _prisma_migrations (id, checksum, migration_name) values (gen_random_uuid(), $1, $2) returning id`,
    [checksum, name],
  )
  return rows[0]?.id ?? ''
}

export const recordFinish = (client: pg.Client, id: string) =>
  client.query('update _prisma_migrations set finished_at = now(), applied_steps_count = 1 where id = $1', [
    id,
  ])

export const recordFailure = (client: pg.Client, id: string, reason: string) =>
  client.query('update _prisma_migrations set logs = $2 where id = $1', [id, reason])
