import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestServer, temporaryDirectory } from '../../test/server.ts'
import type { Database } from '../database.ts'
import { openPostgres } from '../open-postgres.ts'
import { sql } from '../sql.ts'
import { migrate } from './migrate.ts'

const suite = new AsyncDisposableStack()
let server: Awaited<ReturnType<typeof startTestServer>>
beforeAll(async () => {
  server = await startTestServer(suite)
})
afterAll(() => suite.disposeAsync())

let url: string
let directory: string
let db: Database
beforeEach(async () => {
  url = await server.newDatabase()
  directory = await temporaryDirectory(suite)
  db = suite.use(await openPostgres({ url, applicationName: 'test' }))
})

async function write(name: string, text: string, folder = directory): Promise<void> {
  await mkdir(join(folder, name), { recursive: true })
  await writeFile(join(folder, name, 'migration.sql'), text)
}

const run = () => migrate(url, [{ schema: 'public', directory }])

async function tables(): Promise<string[]> {
  const rows = await db.query<{ name: string }>(sql`
    select schemaname || '.' || tablename as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema') and tablename <> '_prisma_migrations'
    order by name`)
  return rows.map((it) => it.name)
}

test('each migration is applied once, in the order of the names', async () => {
  await write('2_grow', 'alter table things add size integer')
  await write('1_init', 'create table things (id integer)')
  expect(await run()).toEqual(['public/1_init', 'public/2_grow'])
  expect(await run()).toEqual([])
  await write('3_more', 'create table more (id integer)')
  expect(await run()).toEqual(['public/3_more'])
})

test('a file that was edited after it was applied is refused by name, and nothing new is applied', async () => {
  await write('1_init', 'create table things (id integer)')
  await run()
  await write('1_init', 'create table things (id bigint)')
  await write('2_new', 'create table more (id integer)')
  await expect(run()).rejects.toThrow('migration 1_init of schema public was edited after it was applied')
  expect(await tables()).toEqual(['public.things'])
})

test('a migration that fails leaves nothing behind and goes through once it is mended', async () => {
  await write('1_init', 'create table things (id integer); select * from missing')
  await expect(run()).rejects.toThrow('migration 1_init of schema public failed: relation "missing"')
  expect(await tables()).toEqual([])
  await write('1_init', 'create table things (id integer)')
  expect(await run()).toEqual(['public/1_init'])
})

test('one that failed outside a transaction is refused until a person has looked at it', async () => {
  await write('1_init', 'create table things (id integer); insert into things values (1), (1)')
  await write('2_index', '-- outside a transaction\ncreate unique index concurrently on things (id)')
  await expect(run()).rejects.toThrow('migration 2_index of schema public failed')
  await expect(run()).rejects.toThrow('migration 2_index of schema public failed half-way')
})

test('of several processes at once one applies, the others wait for it', async () => {
  await write('1_init', 'select pg_sleep(0.1); create table things (id integer)')
  const applied = await Promise.all([run(), run(), run()])
  expect(applied.flat()).toEqual(['public/1_init'])
})

test('each source lives in a schema of its own', async () => {
  const library = await temporaryDirectory(suite)
  await write('1_init', 'create table things (id integer)', library)
  await write('1_init', 'create table things (id integer)')
  await migrate(url, [
    { schema: 'library', directory: library },
    { schema: 'public', directory },
  ])
  expect(await tables()).toEqual(['library.things', 'public.things'])
})
