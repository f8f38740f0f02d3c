import { newId, sql } from '@sandkeep/postgres'
import { testDatabase } from '@sandkeep/testkit'
import { expect, test } from 'vitest'
import { migrations } from './migrations.ts'
import { prune } from './prune.ts'

const tables = ['revocations', 'sessions', 'one_time_tokens', 'username_holds', 'mails']

test('what is over is deleted, however much there is, and what lives stays', async () => {
  await using stack = new AsyncDisposableStack()
  const { db } = stack.use(await testDatabase({ migrations }))
  const userId = newId()
  await db.run(sql`
    insert into users (id, email, username, password_hash) values (${userId}, 'ada@example.org', 'ada', '!')`)

  const add = async (count: number, age: string) => {
    const [at, rows] = [sql`now() - ${age}::interval`, sql`from generate_series(1, ${count}) as n`]
    await db.run(sql`insert into revocations (session_id, user_id, revoked_at, expires_at)
      select gen_random_uuid(), ${userId}, ${at}, ${at} ${rows}`)
    await db.run(sql`insert into sessions (id, user_id, expires_at)
      select gen_random_uuid(), ${userId}, ${at} ${rows}`)
    await db.run(sql`insert into one_time_tokens (id, user_id, purpose, expires_at)
      select gen_random_uuid(), ${userId}, 'unlock', ${at} ${rows}`)
    await db.run(sql`insert into username_holds (username, expires_at)
      select ${`held${age.replaceAll(/\W/g, '')}`} || n, ${at} ${rows}`)
    await db.run(sql`insert into mails (id, user_id, kind, failed_at)
      select gen_random_uuid(), ${userId}, 'unlock', ${at} ${rows}`)
  }
  await add(12_000, '8 days')
  await add(1, '-1 minute')
  await db.run(sql`insert into mails (id, user_id, kind) values (${newId()}, ${userId}, 'unlock')`)
  await prune(db)

  const counts = tables.map((table) => sql`select count(*) as n from ${sql.identifier(table)}`)
  const left = await db.query<{ n: number }>(sql.join(counts, sql` union all `))
  expect(left.map(({ n }) => n)).toEqual([1, 1, 1, 1, 2])
})
