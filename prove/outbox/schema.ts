import { type Database, sql } from '@sandkeep/postgres'

/**
 * The pair's own tables. Effects have no key, so that one applied twice is there twice: nothing but the inbox keeps
 * it away.
 */
export async function createTables(db: Database): Promise<void> {
  await db.run(sql`create table aggregates (id uuid primary key, version integer not null)`)
  await db.run(sql`create table changes (
    command_id uuid primary key, aggregate_id uuid not null, version integer not null)`)
  await db.run(sql`create table effects (
    seq bigint generated always as identity primary key, consumer text not null,
    command_id uuid not null, aggregate_id uuid not null, version integer not null)`)
}
