import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { startFleet } from '@sandkeep/fleet'
import { createDatabase, openPostgres, sql } from '@sandkeep/postgres'
import { engines, tempDirectory } from '@sandkeep/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { leaveUnpublished, makeInstallation, password, personLogin, signIn } from './installation.ts'

const stack = new AsyncDisposableStack()
afterAll(() => stack.disposeAsync())

/** More of them, once in a while: PROMOTE_PEOPLE=10000 */
const people = Number(process.env['PROMOTE_PEOPLE'] ?? 300)
/** And the first accounts. */
const accounts = people + 3

const program = fileURLToPath(new URL('../src/main.ts', import.meta.url))
let installation: Awaited<ReturnType<typeof makeInstallation>>
let directory: string
let adminUrl: string
let target: Record<string, string>
beforeAll(async () => {
  directory = await tempDirectory(stack)
  installation = await makeInstallation(directory, { people, sandboxes: 3 })
  await leaveUnpublished(installation.DATA_DIR)
  const [postgres, mongodb, s3] = await Promise.all([
    engines.start('postgres'),
    engines.start('mongodb'),
    engines.start('s3'),
  ])
  for (const engine of [postgres, mongodb, s3]) stack.use(engine)
  adminUrl = postgres.url
  const at = (url: string, path: string) => Object.assign(new URL(url), { pathname: `/${path}` }).href
  target = {
    IDENTITY_DATABASE_URL: await addDatabase('identity'),
    SANDBOX_DATABASE_URL: await addDatabase('sandbox'),
    SANDBOX_DOCUMENTS_URL: at(mongodb.url, 'sandbox'),
    IDENTITY_OBJECTS_URL: at(s3.url, 'identity'),
    SANDBOX_OBJECTS_URL: at(s3.url, 'sandbox'),
  }
}, 240_000)

async function addDatabase(name: string): Promise<string> {
  await createDatabase(adminUrl, { name, owner: name, password: 'secret' })
  return Object.assign(new URL(adminUrl), { username: name, password: 'secret', pathname: `/${name}` }).href
}

async function envFile(name: string, variables: Record<string, string>): Promise<string> {
  const path = join(directory, name)
  await writeFile(
    path,
    Object.entries(variables)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  )
  return path
}

const start = (to: string) =>
  spawn(process.execPath, [program, '--data', installation.DATA_DIR, '--to', to], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })

async function run(to: string) {
  const child = start(to)
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: child.exitCode, text: out + errors }
}

const countUsers = async () => {
  await using db = await openPostgres({ url: target['IDENTITY_DATABASE_URL'] ?? '', applicationName: 'test' })
  return (await db.one<{ n: number }>(sql`select count(*) as n from users`))?.n
}

test('killed in the middle and run again, everything arrives as it was', async () => {
  const to = await envFile('engines.env', target)
  const child = start(to)
  child.stderr.resume()
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('copied sandbox public.sandboxes')) child.kill('SIGKILL')
  }
  expect(child.signalCode ?? (await once(child, 'exit'))[1]).toBe('SIGKILL')

  const again = await run(to)
  expect(again.code, again.text).toBe(0)
  expect(again.text).not.toContain('copied identity public.users')
  expect(again.text).toMatch(new RegExp(`identity public\\.users +${accounts} +[0-9a-f]{16} +equal`))
  expect(again.text).toMatch(/sandbox public\.sandboxes +3 +[0-9a-f]{16} +equal/)
  expect(again.text).toMatch(/sandbox documents sandbox_files +6 +[0-9a-f]{16} +equal/)
  expect(again.text).toMatch(/sandbox objects +\d+ +[0-9a-f]{16} +equal/)
  expect(again.text).toMatch(/identity messaging\.outbox +1 +[0-9a-f]{16} +equal/)
  expect(again.text).not.toContain('DIFFERS')
})

test('a target that has it already, or holds something else, is refused and left alone', async () => {
  const finished = await run(await envFile('again.env', target))
  expect(finished.code).toBe(78)
  expect(finished.text).toContain('The database of identity holds this data already, promoted and verified')
  const other = await addDatabase('other')
  await using db = await openPostgres({ url: other, applicationName: 'test' })
  await db.run(sql`create table things (id integer primary key)`)
  await db.run(sql`insert into things values (1)`)
  const used = await run(await envFile('used.env', { ...target, IDENTITY_DATABASE_URL: other }))
  expect(used.code).toBe(78)
  expect(used.text).toContain('The database of identity is not empty: public.things has rows')
})

test('a bucket that others use is refused too', async () => {
  const fresh = {
    IDENTITY_DATABASE_URL: await addDatabase('one'),
    SANDBOX_DATABASE_URL: await addDatabase('two'),
  }
  const documents = {
    SANDBOX_DOCUMENTS_URL: String(target['SANDBOX_DOCUMENTS_URL']).replace('/sandbox', '/two'),
  }
  const used = await run(await envFile('bucket.env', { ...target, ...fresh, ...documents }))
  expect(used.code, used.text).toBe(78)
  expect(used.text).toContain("The target's objects of sandbox are not empty")
})

test('people sign in with what they had, and find what they had made', async () => {
  const fleet = stack.use(await startFleet({ env: { ...target, DATA_DIR: installation.DATA_DIR } }))
  const token = await signIn(fleet.url, { email: personLogin(1), password })
  await signIn(fleet.url, { email: personLogin(people), password })
  expect(await countUsers()).toBe(accounts)
  for (const id of installation.ids) {
    const answer = await fetch(`${fleet.url}/v1/sandboxes/${id}/files/bin/blob`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(answer.status).toBe(200)
    expect((await answer.arrayBuffer()).byteLength).toBe(300_000)
  }
  const refused = await run(await envFile('busy.env', target))
  expect(refused.text).toContain('Sandkeep already runs on')
})
