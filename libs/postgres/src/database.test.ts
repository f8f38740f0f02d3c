import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer } from '../test/server.ts'
import type { Database } from './database.ts'
import { isCheckViolation, isUniqueViolation } from './errors.ts'
import { openPostgres } from './open-postgres.ts'
import { sql } from './sql.ts'

const stack = new AsyncDisposableStack()
let server: Awaited<ReturnType<typeof startTestServer>>
let url: string
let db: Database
beforeAll(async () => {
  server = await startTestServer(stack)
  url = await server.newDatabase()
  db = stack.use(await openPostgres({ url, applicationName: 'test', max: 5 }))
  await db.run(sql`
    create table notes (id integer primary key, text text check (text <> ''), at timestamptz(3) default now())`)
})
afterAll(() => stack.disposeAsync())

const countNotes = async () => (await db.one<{ n: number }>(sql`select count(*) as n from notes`))?.n

test.each(['Asia/Tokyo', 'America/St_Johns', 'UTC'])(
  'a time reads back as it was, though the role is in %s',
  async (zone) => {
    await db.run(sql`alter role ${sql.identifier(server.owner)} set timezone to ${sql.identifier(zone)}`)
    await using there = await openPostgres({ url, applicationName: 'there' })
    const at = new Date('2026-01-01T00:00:00.123Z')
    const row = await there.one<{ at: Date; text: string }>(
      sql`select ${at}::timestamptz as at, (${at}::timestamptz)::text as text`,
    )
    expect(row).toEqual({ at, text: '2026-01-01 00:00:00.123+00' })
  },
)

test.each([
  ['2026-01-01 00:00:00+00', new Date('2026-01-01T00:00:00Z')],
  ['2026-01-01 00:00:00.123456+00', new Date('2026-01-01T00:00:00.123Z')],
  ['12026-01-01 00:00:00+00', new Date('+012026-01-01T00:00:00Z')],
  ['0044-03-15 12:00:00+00 BC', new Date('-000043-03-15T12:00:00Z')],
  ['0099-01-01 00:00:00+00', new Date('0099-01-01T00:00:00Z')],
  ['infinity', Number.POSITIVE_INFINITY],
])('%s is read', async (text, time) => {
  expect(await db.one(sql`select ${text}::timestamptz as time`)).toEqual({ time })
})

test('a transaction that throws leaves nothing, and what it threw comes out', async () => {
  const failure = new Error('no')
  const work = db.transaction(async (tx) => {
    await tx.run(sql`insert into notes (id) values (1)`)
    throw failure
  })
  await expect(work).rejects.toBe(failure)
  expect(await countNotes()).toBe(0)
})

test('a statement that failed and was swallowed still prevents the commit', async () => {
  const work = db.transaction(async (tx) => {
    await tx.run(sql`insert into notes (id) values (2)`)
    await tx.run(sql`insert into notes (id) values (2)`).catch(() => {})
  })
  await expect(work).rejects.toThrow('nothing was committed')
  expect(await countNotes()).toBe(0)
})

test('a transaction that is over takes no more statements', async () => {
  const late = await db.transaction(async (tx) => () => tx.run(sql`select 1`))
  await expect(late()).rejects.toThrow('the transaction is over')
})

test('what PostgreSQL refuses can be told by its kind', async () => {
  await db.run(sql`insert into notes (id) values (3)`)
  const duplicate = await db.run(sql`insert into notes (id) values (3)`).catch((error: unknown) => error)
  expect([isUniqueViolation(duplicate), isUniqueViolation(duplicate, 'notes_pkey')]).toEqual([true, true])
  expect([isUniqueViolation(duplicate, 'other'), isCheckViolation(duplicate)]).toEqual([false, false])
  await db.run(sql`delete from notes`)
})

test('values and identifiers cannot become part of a statement', async () => {
  const text = `'; drop table notes; --`
  const row = await db.one<Record<string, string>>(
    sql`select ${text}::text as ${sql.identifier('odd " name')}`,
  )
  expect(row).toEqual({ 'odd " name': text })
  expect(await countNotes()).toBe(0)
})

test('a value that is missing is refused, not taken for null', () => {
  const values: { id?: number } = {}
  expect(() => sql`select * from notes where id = ${values.id}`).toThrow('binds undefined after')
})

test('a number that JavaScript cannot hold is refused, not rounded', async () => {
  await expect(db.one(sql`select 9007199254740993 as n`)).rejects.toThrow('too large for a number')
})

test('one at a time holds a named lock', async () => {
  const outcome = await db.withLock('nightly', () => db.withLock('nightly', async () => 'inner'))
  expect(outcome).toBeNull()
  expect(await db.withLock('nightly', async () => 'again')).toBe('again')
})

test('a listener hears of a notification, and of a connection that came back', async () => {
  let heard = Promise.withResolvers<void>()
  await using _ = await db.listen('bell', () => heard.resolve())
  await db.run(sql`select pg_notify('bell', '')`)
  await heard.promise
  heard = Promise.withResolvers<void>()
  await db.run(sql`
    select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'test listen'`)
  await heard.promise
})
