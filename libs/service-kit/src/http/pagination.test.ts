import { newId, sql } from '@sandkeep/postgres'
import { testDatabase } from '@sandkeep/testkit'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { createTestHost, createTestTokens, testSecret } from '../testing.ts'
import { createApp } from './create-app.ts'
import { createCursors, createPages, pageOf, pageQuery } from './pagination.ts'

const it = await testDatabase({ migrations: [] })
afterAll(() => it[Symbol.asyncDispose]())
const { db } = it
await db.run(sql`create table notes (id uuid primary key, created_at timestamptz(3) not null)`)

const tokens = await createTestTokens()
const secret = testSecret()

const place = z.tuple([z.iso.datetime(), z.uuid()])
const note = z.object({ id: z.uuid(), createdAt: z.iso.datetime() })

interface Row {
  id: string
  at: Date
}

/** A list, newest first, as a service writes it. */
async function notes() {
  const pages = createPages(createCursors(secret, 'notes'), place)
  const app = await createApp({
    name: 'notes',
    authorization: { listNotes: { student: 'any' } },
    host: createTestHost(),
    verifier: tokens.verifier,
  })
  app.route({
    method: 'GET',
    url: '/v1/notes',
    operation: 'listNotes',
    schema: { querystring: pageQuery, response: { 200: pageOf(note) } },
    handler: async ({ query: { cursor, limit } }) => {
      const after = pages.start(cursor)
      const rows = await db.query<Row>(sql`select id, created_at as at from notes
        ${after ? sql`where (created_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
        order by created_at desc, id desc limit ${limit + 1}`)
      return pages.answer(rows, {
        limit,
        view: (row) => ({ id: row.id, createdAt: row.at.toISOString() }),
        placeOf: (row): z.infer<typeof place> => [row.at.toISOString(), row.id],
      })
    },
  })
  await app.ready()
  const authorization = `Bearer ${await tokens.issue({})}`
  return (query: Record<string, string>) =>
    app.inject({ url: '/v1/notes', query, headers: { authorization } })
}

const addNotes = (at: string, count: number) =>
  db.run(sql`insert into notes select id::uuid, ${at}::timestamptz
    from unnest(${Array.from({ length: count }, newId)}::text[]) id`)

test('pages lose and double nothing, though many rows have one time and more are added meanwhile', async () => {
  await db.run(sql`truncate notes`)
  for (const [second, count] of [7, 1, 13, 4].entries()) await addNotes(`2026-01-01T00:00:0${second}Z`, count)
  const expected = await db.query<{ id: string }>(sql`select id from notes order by created_at desc, id desc`)
  const list = await notes()

  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = (await list({ limit: '3', ...(cursor && { cursor }) })).json()
    seen.push(...page.items.map((item: { id: string }) => item.id))
    cursor = page.nextCursor
    await addNotes('2026-02-01T00:00:00Z', 1)
  } while (cursor !== undefined)

  expect(seen).toEqual(expected.map((row) => row.id))
})

test('the last page, also an empty or a just full one, has no cursor', async () => {
  await db.run(sql`truncate notes`)
  const list = await notes()
  expect((await list({})).json()).toEqual({ items: [] })
  await addNotes('2026-01-01T00:00:00Z', 3)
  const full = (await list({ limit: '3' })).json()
  expect(full.items).toHaveLength(3)
  expect(full).not.toHaveProperty('nextCursor')
})

const sealed = createCursors(secret, 'notes').seal(['2026-01-01T00:00:00.000Z', newId()])
const flip = (cursor: string, at: number) => {
  const bytes = Buffer.from(cursor, 'base64url')
  bytes[at] = (bytes[at] ?? 0) ^ 1
  return bytes.toString('base64url')
}

test.each([
  ['whose place was changed', flip(sealed, 40)],
  ['whose seal was changed', flip(sealed, 0)],
  ['of another list', createCursors(secret, 'books').seal(['2026-01-01T00:00:00.000Z', newId()])],
  ['under another key', createCursors(testSecret(), 'notes').seal(['2026-01-01T00:00:00.000Z', newId()])],
  ['that was cut', sealed.slice(0, 10)],
  ['that is no cursor', 'next'],
])('a cursor %s is refused', async (_name, cursor) => {
  const list = await notes()
  expect((await list({ cursor: sealed })).statusCode).toBe(200)
  expect((await list({ cursor })).json()).toMatchObject({
    status: 400,
    code: 'invalid_cursor',
    errors: [{ pointer: '/query/cursor' }],
  })
})

test.each([['0'], ['101'], ['-1'], ['1.5'], ['all'], ['']])('a limit of %j is refused', async (limit) => {
  const list = await notes()
  expect((await list({ limit })).json()).toMatchObject({
    status: 400,
    errors: [{ pointer: '/query/limit' }],
  })
})

test('an unknown filter is refused rather than ignored', async () => {
  const list = await notes()
  expect((await list({ limti: '3' })).json()).toMatchObject({
    errors: [{ pointer: '/query/limti', code: 'unknown_field' }],
  })
})
