import { type Database, type Query, sql, type Tx } from '@sandkeep/postgres'
import { testDatabase } from '@sandkeep/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrations } from '../migrations.ts'
import { accountListQuery, listAccounts } from './account-list.ts'
import { findAccount, findAccountByEmail, findCredentials, isUsernameTaken } from './account-store.ts'
import { findPerson } from './profile-store.ts'

const rows = 100_000
const stack = new AsyncDisposableStack()
let db: Database

const batch = 5_000

const fill = (from: number) => sql`
  with made as (insert into users (id, email, username, password_hash, first_name, last_name, role, status, created_at)
  select gen_random_uuid(), 'person' || n || '@example.org', 'Person' || n, '!',
    case when n % 3 > 0 then (array['Ada', 'Grace', 'Edsger', 'Barbara', 'Joe', 'Li'])[1 + n % 6] end,
    case when n % 5 > 0 then 'Family' || n % 9973 end,
    case when n % 1000 = 0 then 'admin' when n % 50 = 0 then 'instructor' else 'student' end,
    case when n % 500 = 1 then 'suspended' when n % 700 = 1 then 'inactive' else 'active' end,
    now() - make_interval(secs => n)
  from generate_series(${from}::int, ${from + batch - 1}::int) as n returning id)
  insert into user_profiles (user_id) select id from made`

beforeAll(async () => {
  db = stack.use(await testDatabase({ migrations })).db
  for (let from = 1; from <= rows; from += batch) {
    await db.run(fill(from))
    // As autovacuum does sooner or later; until then the index is slow to search, and the planner knows.
    await db.run(sql`select gin_clean_pending_list('users_search_idx')`)
  }
  await db.run(sql`analyze`)
})
afterAll(() => stack.disposeAsync())

/** The plan of the one statement that `use` sends. */
async function planOf(use: (tx: Tx) => Promise<unknown>): Promise<string> {
  const sent: Query[] = []
  const keep = async (query: Query) => {
    sent.push(query)
  }
  const recorder: Tx = {
    query: async (query) => keep(query).then(() => []),
    one: async (query) => keep(query).then(() => null),
    run: async (query) => keep(query).then(() => 0),
  }
  await use(recorder)
  const lines = await Promise.all(
    sent.map((query) => db.query<{ 'QUERY PLAN': string }>(sql`explain ${query}`)),
  )
  return lines
    .flat()
    .map((line) => line['QUERY PLAN'])
    .join('\n')
}

const page = { limit: 50 }
const someId = '019b7a00-0000-7000-8000-000000000001'

describe(`among ${rows} accounts an index finds`, () => {
  test.each<[string, string, (tx: Tx) => Promise<unknown>]>([
    ['an account by id', 'users_pkey', (tx) => findAccount(tx, someId)],
    ['a person by id', 'user_profiles_pkey', (tx) => findPerson(tx, someId)],
    ['an account by address', 'users_email_key', (tx) => findAccountByEmail(tx, 'Person7@Example.org')],
    ['a login by address', 'users_email_key', (tx) => findCredentials(tx, 'person7@example.org')],
    ['a login by username', 'users_username_key', (tx) => findCredentials(tx, 'PERSON7')],
    ['whether a username is taken', 'users_username_key', (tx) => isUsernameTaken(tx, 'person7')],
    ['the newest accounts', 'users_created_at_idx', (tx) => listAccounts(tx, page)],
    ['the newest of a rare role', 'users_role_idx', (tx) => listAccounts(tx, { ...page, role: 'admin' })],
    [
      'the newest of a rare status',
      'users_status_idx',
      (tx) => listAccounts(tx, { ...page, status: 'suspended' }),
    ],
    ['part of a family name', 'users_search_idx', (tx) => listAccounts(tx, { ...page, q: 'mily4242' })],
    ['a short word', 'users_search_idx', (tx) => listAccounts(tx, { ...page, q: 'Xu' })],
    [
      'the page after another',
      'users_created_at_idx',
      (tx) => listAccounts(tx, { ...page, after: { createdAt: new Date().toISOString(), id: someId } }),
    ],
  ])('%s', async (_, index, use) => {
    const plan = await planOf(use)
    expect(plan).toContain(index)
    expect(plan).not.toContain('Seq Scan on users')
  })

  test.each(['student', 'instructor', 'admin'] as const)(
    'the newest of role %s, in order, without a sort',
    async (role) => {
      const plan = await planOf((tx) => listAccounts(tx, { ...page, role }))
      expect(plan).toMatch(/Index Scan using users_(role|created_at)_idx/)
      expect(plan).not.toContain('Sort')
    },
  )
})

describe('a search', () => {
  const found = async (q: string) =>
    (await listAccounts(db, { q, limit: 5 })).map((it) => [it.username, it.firstName, it.lastName].join(' '))

  test('finds parts of names in any order and case', async () => {
    expect(await found('MILY4243 grace')).toEqual([
      expect.stringMatching(/Grace Family4243$/),
      expect.stringMatching(/Grace Family4243$/),
    ])
  })

  test('finds people who gave no name', async () => {
    expect(await found('person15')).toContain('Person15  ')
  })

  test('takes a percent sign for what it is', async () => {
    expect(await found('%%%')).toEqual([])
    expect(await found('person_15')).toEqual([])
  })

  test('finds short names by their beginning only', async () => {
    expect((await found('li')).every((it) => it.includes(' Li '))).toBe(true)
    expect(await found('il')).toEqual([])
  })
})

test('pages hold every account of a filter once', async () => {
  const ids = new Set<string>()
  let after: { createdAt: string; id: string } | undefined
  for (;;) {
    const accounts = await listAccounts(db, { role: 'admin', limit: 7, after })
    for (const { id } of accounts) ids.add(id)
    const last = accounts.at(-1)
    if (!last) break
    after = { createdAt: last.createdAt.toISOString(), id: last.id }
  }
  expect(ids.size).toBe(rows / 1000)
})

test('the list of a role reads no more than its page', async () => {
  const query = accountListQuery({ role: 'student', limit: 50 })
  const [line] = await db.query<{
    'QUERY PLAN': [{ Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number } }]
  }>(sql`explain (analyze, buffers, format json) ${query}`)
  const plan = line?.['QUERY PLAN'][0].Plan
  expect((plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0)).toBeLessThan(200)
})
