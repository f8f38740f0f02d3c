import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from '@sandkeep/postgres'
import { expect, test } from 'vitest'
import { tempDirectory } from '../temp-directory.ts'
import { testDatabase } from './test-database.ts'

async function migrations(stack: AsyncDisposableStack) {
  const directory = await tempDirectory(stack)
  await mkdir(join(directory, '20260101000000_init'))
  await writeFile(
    join(directory, '20260101000000_init', 'migration.sql'),
    'create table notes (id int primary key)',
  )
  return [{ schema: 'public', directory }]
}

test('each database has the migrations and nobody else’s rows', async () => {
  await using stack = new AsyncDisposableStack()
  const sources = await migrations(stack)
  const [one, other] = await Promise.all([
    testDatabase({ migrations: sources }),
    testDatabase({ migrations: sources }),
  ])
  stack.use(one)
  stack.use(other)
  await one.db.run(sql`insert into notes values (1)`)

  expect(await other.db.query(sql`select * from notes`)).toEqual([])
  expect(await one.db.query(sql`select * from notes`)).toEqual([{ id: 1 }])
})

test('the owner of a test database is no superuser', async () => {
  await using it = await testDatabase({ migrations: [] })

  expect(await it.db.one(sql`select rolsuper from pg_roles where rolname = current_user`)).toEqual({
    rolsuper: false,
  })
})

test('a disposed database is gone', async () => {
  const it = await testDatabase({ migrations: [] })
  const name = new URL(it.url).pathname.slice(1)
  await it[Symbol.asyncDispose]()

  await using other = await testDatabase({ migrations: [] })
  expect(await other.db.query(sql`select from pg_database where datname = ${name}`)).toEqual([])
})
