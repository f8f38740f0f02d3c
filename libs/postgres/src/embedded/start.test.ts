import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { temporaryDirectory, throwAwayOptions } from '../../test/server.ts'
import { openPostgres } from '../open-postgres.ts'
import { sql } from '../sql.ts'
import { startEmbeddedPostgres } from './start.ts'

let stack: AsyncDisposableStack
let directory: string
beforeEach(async () => {
  stack = new AsyncDisposableStack()
  directory = await temporaryDirectory(stack)
})
afterEach(() => stack.disposeAsync())

const start = () => startEmbeddedPostgres(throwAwayOptions(directory))

async function query<T>(url: string, statement: ReturnType<typeof sql>): Promise<T | null> {
  await using db = await openPostgres({ url, applicationName: 'test' })
  return db.one<T>(statement)
}

test('what was written is there after a stop and a start', async () => {
  {
    await using server = await start()
    await query(server.url, sql`create table notes (text text)`)
    await query(server.url, sql`insert into notes values ('kept')`)
  }
  await using again = await start()
  expect(await query(again.url, sql`select text from notes`)).toEqual({ text: 'kept' })
})

test('a second start on the same data is refused and names the process that has it', async () => {
  await using _ = await start()
  await expect(start()).rejects.toThrow(`process ${process.pid} already uses the data in`)
})

test('the server that a killed process left running is stopped, and nothing is lost', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../test/hold-server.ts'), directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data')
  const left: { url: string; pid: number } = JSON.parse(line)
  await query(left.url, sql`create table notes (text text)`)
  await query(left.url, sql`insert into notes values ('acknowledged')`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(process.kill(left.pid, 0)).toBe(true)

  await using server = await start()

  expect(() => process.kill(left.pid, 0)).toThrow('ESRCH')
  expect(await query(server.url, sql`select text from notes`)).toEqual({ text: 'acknowledged' })
})

test('data of another major version is refused and says what to install', async () => {
  await (await start())[Symbol.asyncDispose]()
  await writeFile(join(directory, 'cluster', 'PG_VERSION'), '12\n')
  await expect(start()).rejects.toThrow('the data was made by PostgreSQL 12')
})
