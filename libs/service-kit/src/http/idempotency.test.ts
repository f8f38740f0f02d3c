import { newId, sql, type Tx } from '@sandkeep/postgres'
import { testDatabase } from '@sandkeep/testkit'
import { afterAll, afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { migrations } from '../migrations.ts'
import { createTestHost, createTestTokens } from '../testing.ts'
import { createApp } from './create-app.ts'
import {
  type Answer,
  earlierAnswer,
  idempotencyRow,
  idempotent,
  pruneIdempotencyKeys,
} from './idempotency.ts'

const it = await testDatabase({ migrations: [migrations] })
const { db } = it
await db.run(sql`create table notes (id uuid primary key, text text not null)`)
const tokens = await createTestTokens()

/** What is done in the transaction after the note was written: tests wait or fail there. */
let meanwhile: (text: string) => Promise<unknown> = async () => {}

let stack = new AsyncDisposableStack()
afterEach(async () => {
  meanwhile = async () => {}
  await stack.disposeAsync()
  stack = new AsyncDisposableStack()
  await db.run(sql`truncate notes, http.idempotency_keys`)
})
afterAll(() => it[Symbol.asyncDispose]())

const noteSchema = z.object({ id: z.string(), text: z.string() })
type Note = z.infer<typeof noteSchema>

const answerOf = (note: Note): Answer<Note> => ({
  status: 201,
  headers: { location: `/v1/notes/${note.id}` },
  body: note,
})

async function addNote(tx: Tx, text: string): Promise<Answer<Note>> {
  const note = { id: newId(), text }
  await tx.run(sql`insert into notes values (${note.id}, ${text})`)
  await meanwhile(text)
  return answerOf(note)
}

async function notes() {
  const authorization = { addNote: { student: 'own' }, addNoteAtOnce: { student: 'own' } } as const
  const { verifier } = tokens
  const app = await createApp({ name: 'notes', authorization, host: createTestHost(), verifier })
  stack.adopt(app, (app) => app.close())
  const body = z.object({ text: z.string() })
  const schema = { body, response: { '2xx': noteSchema } }
  app.route({
    method: 'POST',
    url: '/v1/notes',
    operation: 'addNote',
    schema,
    handler: async (request, reply) => {
      const { status, headers, body } = await idempotent(request, db, (tx) => addNote(tx, request.body.text))
      return reply
        .code(status)
        .headers(headers ?? {})
        .send(body)
    },
  })
  app.route({
    method: 'POST',
    url: '/v1/notes-at-once',
    operation: 'addNoteAtOnce',
    schema,
    handler: async (request, reply) => {
      const note = { id: newId(), text: request.body.text }
      const added = await db.run(sql`with key as (${idempotencyRow(request, answerOf(note))})
        insert into notes select ${note.id}, ${note.text} from key`)
      const answer = added > 0 ? answerOf(note) : await earlierAnswer<Note>(request, db)
      if (!answer) throw new Error('a taken key has no answer')
      return reply
        .code(answer.status)
        .headers(answer.headers ?? {})
        .send(answer.body)
    },
  })
  await app.ready()
  return async (options: { key?: string; text?: string; userId?: string; url?: string }) =>
    app.inject({
      method: 'POST',
      url: options.url ?? '/v1/notes',
      headers: {
        authorization: `Bearer ${await tokens.issue({ userId: options.userId ?? 'ada' })}`,
        ...(options.key !== undefined && { 'idempotency-key': options.key }),
      },
      payload: { text: options.text ?? 'hello' },
    })
}

const countNotes = async () => (await db.query(sql`select 1 from notes`)).length
const routes = ['/v1/notes', '/v1/notes-at-once']

test.each(routes)('a repeat at %s gets the same answer and does nothing', async (url) => {
  const post = await notes()
  const first = await post({ key: 'k', url })
  const repeat = await post({ key: 'k', url })
  expect(first.statusCode).toBe(201)
  expect([repeat.statusCode, repeat.body]).toEqual([201, first.body])
  expect(repeat.headers.location).toBe(first.headers.location)
  expect(await countNotes()).toBe(1)
})

test.each(routes)('of twenty at once with one key, one at %s is applied', async (url) => {
  const post = await notes()
  const answers = await Promise.all(Array.from({ length: 20 }, () => post({ key: 'k', url })))
  const made = answers.filter((it) => it.statusCode === 201)
  expect(new Set(made.map((it) => it.body)).size).toBe(1)
  for (const other of answers.filter((it) => it.statusCode !== 201))
    expect(other.json()).toMatchObject({ status: 409, code: 'idempotency_key_in_flight' })
  expect(await countNotes()).toBe(1)
})

test('while the first request runs, a repeat is told when to come again', async () => {
  const post = await notes()
  const [reached, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  meanwhile = async () => {
    reached.resolve()
    await go.promise
  }
  const first = post({ key: 'k' })
  await reached.promise
  const repeat = await post({ key: 'k' })
  meanwhile = async () => {}
  go.resolve()
  expect(repeat.json()).toMatchObject({ status: 409, code: 'idempotency_key_in_flight' })
  expect(repeat.headers['retry-after']).toBe('1')
  const { body } = await first
  expect((await post({ key: 'k' })).body).toBe(body)
})

test.each(routes)('at %s the same key with another body is refused', async (url) => {
  const post = await notes()
  await post({ key: 'k', url })
  const other = await post({ key: 'k', url, text: 'other' })
  expect(other.json()).toMatchObject({
    status: 422,
    code: 'idempotency_key_reused',
    errors: [{ pointer: '/headers/idempotency-key' }],
  })
  expect(await countNotes()).toBe(1)
})

test('the same key of another person, or on another route, is another key', async () => {
  const post = await notes()
  await post({ key: 'k' })
  expect((await post({ key: 'k', userId: 'bob' })).statusCode).toBe(201)
  expect((await post({ key: 'k', url: '/v1/notes-at-once' })).statusCode).toBe(201)
  expect(await countNotes()).toBe(3)
})

test('what failed between effect and answer left nothing, and the repeat does it', async () => {
  const post = await notes()
  meanwhile = async () => {
    throw new Error('the process ends here')
  }
  expect((await post({ key: 'k' })).statusCode).toBe(500)
  meanwhile = async () => {}
  expect(await countNotes()).toBe(0)
  expect((await post({ key: 'k' })).statusCode).toBe(201)
})

test('what dies with its connection frees its key, and the repeat does it', async () => {
  const post = await notes()
  meanwhile = () =>
    it.db.run(sql`select pg_terminate_backend(pid, 5000) from pg_stat_activity
      where state = 'idle in transaction' and datname = current_database()`)
  expect((await post({ key: 'k' })).json()).toMatchObject({ status: 503, code: 'store_unavailable' })
  meanwhile = async () => {}
  expect(await countNotes()).toBe(0)
  expect((await post({ key: 'k' })).statusCode).toBe(201)
})

test.each([
  ['no key', {}, 'required'],
  ['an empty key', { key: '' }, 'malformed'],
  ['a key of two words', { key: 'two words' }, 'malformed'],
  ['a key of 256 characters', { key: 'x'.repeat(256) }, 'malformed'],
])('%s is refused', async (_name, options, code) => {
  const post = await notes()
  const answer = await post(options)
  expect(answer.json()).toMatchObject({ status: 400, code: 'idempotency_key_missing', errors: [{ code }] })
  expect(await countNotes()).toBe(0)
})

test('keys are forgotten after a day, however many there are', async () => {
  const post = await notes()
  await post({ key: 'old' })
  await db.run(sql`update http.idempotency_keys set created_at = now() - interval '25 hours'`)
  await db.run(sql`insert into http.idempotency_keys (scope, key, fingerprint, status, headers, created_at)
    select 's', n::text, '', 200, '{}', now() - interval '2 days' from generate_series(1, 10000) n`)
  await post({ key: 'new' })
  expect(await pruneIdempotencyKeys(db)).toBe(10_001)
  await post({ key: 'new' })
  expect(await countNotes()).toBe(2)
  await post({ key: 'old' })
  expect(await countNotes()).toBe(3)
})
