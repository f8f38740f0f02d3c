import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { eventually, gone, killNine, tempDirectory } from '@sandkeep/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runToEnd, type SandkeepProcess, startProcess } from './sandkeep-process.ts'

const stack = new AsyncDisposableStack()
let directory = ''
beforeAll(async () => {
  directory = await tempDirectory(stack)
})
afterAll(() => stack.disposeAsync())

const postgresPid = async (data: string) =>
  Number((await readFile(join(data, 'postgres/cluster/postmaster.pid'), 'utf8')).split('\n')[0])

const signIn = async (url: string, login: string, password: string) => {
  const answer = await fetch(`${url}/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }),
  })
  return answer.status
}

const noStackTrace = /\n {4}at |\.ts:\d/

describe('a first start and those after it', () => {
  let data = ''
  let first: SandkeepProcess
  let accounts: string[][] = []
  beforeAll(async () => {
    data = join(directory, 'my data 100%20#ü')
    first = startProcess(data)
    await first.url()
    accounts = [...first.written().matchAll(/(\S+@\S+) +(\S+)\n/g)].map(([, email = '', word = '']) => [
      email,
      word,
    ])
  })

  test('shows an account for each role, and each can sign in', async () => {
    expect(accounts.map(([email]) => email?.split('@')[0])).toEqual(['student', 'instructor', 'admin'])
    for (const [email = '', password = ''] of accounts)
      expect(await signIn(await first.url(), email, password)).toBe(200)
  })

  test('says where mail goes and where to go next, and holds no more memory than promised', () => {
    expect(first.written()).toContain(join(data, 'mail'))
    expect(first.written()).toMatch(/\/docs\n/)
    expect(first.written()).toContain('npm run demo')
    const [, mebibytes] = /Node (\d+) MiB, PostgreSQL \d+ beside it \d+ MiB/.exec(first.written()) ?? []
    expect(Number(mebibytes)).toBeLessThanOrEqual(350)
  })

  test('keeps its secrets and the first passwords from everybody else', async () => {
    for (const name of ['secrets.json', 'sign-in.txt'])
      expect((await stat(join(data, name))).mode & 0o777).toBe(0o600)
  })

  test('a second one on the same data is refused, and told who has it', async () => {
    const { code, text } = await runToEnd(data)
    expect(code).toBe(78)
    expect(text).toContain(`already runs on ${data} (process ${first.child.pid}) at ${await first.url()}`)
    expect(text).not.toMatch(noStackTrace)
  })

  test('Ctrl-C ends it in order and leaves nothing running', async () => {
    const pid = await postgresPid(data)
    first.child.kill('SIGINT')
    first.child.kill('SIGINT')
    expect(await first.ended).toBe(0)
    await gone(pid)
    expect(first.written()).not.toMatch(noStackTrace)
    expect(first.written()).not.toMatch(/"level":(40|50|60)/)
  })

  test('what a killed one leaves behind is dealt with, and the accounts are still there', async () => {
    const killed = startProcess(data)
    await killed.url()
    expect(killed.written()).not.toContain(accounts[0]?.[1])
    const orphan = await postgresPid(data)
    await killNine(killed.child.pid ?? 0)
    const next = startProcess(data)
    const [email = '', password = ''] = accounts[0] ?? []
    expect(await signIn(await next.url(), email, password)).toBe(200)
    await gone(orphan)
    next.child.kill('SIGTERM')
    expect(await next.ended).toBe(0)
  })

  test('a second Ctrl-C ends it at once, and PostgreSQL with it', async () => {
    const hurried = startProcess(data)
    await hurried.url()
    const pid = await postgresPid(data)
    process.kill(pid, 'SIGSTOP')
    await eventually(() => {
      hurried.child.kill('SIGINT')
      expect(hurried.child.exitCode).toBe(130)
    })
    process.kill(pid, 'SIGCONT')
    await gone(pid)
  })

  test('it does not go on without its PostgreSQL, and says so', async () => {
    const bereft = startProcess(data)
    await bereft.url()
    await killNine(await postgresPid(data))
    expect(await bereft.ended).toBe(1)
    expect(bereft.written()).toContain('PostgreSQL has ended, stopping')
  })

  test('a damaged cluster is told of in one sentence', async () => {
    await writeFile(join(data, 'postgres/cluster/global/pg_control'), 'damaged')
    const { code, text } = await runToEnd(data, { LOG_LEVEL: 'silent' })
    expect(code).toBe(1)
    expect(text).toMatch(/^Sandkeep did not start: PostgreSQL did not start: .*pg_control/)
    expect(text).not.toMatch(noStackTrace)
  })

  test('data of another PostgreSQL is told of by its version', async () => {
    await writeFile(join(data, 'postgres/cluster/PG_VERSION'), '9\n')
    const { code, text } = await runToEnd(data, { LOG_LEVEL: 'silent' })
    expect(code).toBe(1)
    expect(text).toContain('the data was made by PostgreSQL 9')
    expect(text).not.toMatch(noStackTrace)
  })
})

describe('what cannot be used is refused', () => {
  async function refused(data: string, env: Record<string, string> = {}): Promise<string> {
    const { code, text } = await runToEnd(data, env)
    expect(code, text).toBe(78)
    expect(text).toMatch(/^Sandkeep did not start: /)
    expect(text).not.toMatch(noStackTrace)
    return text
  }

  test('a port in use', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? String(address?.port) : ''
    expect(await refused(join(directory, 'busy'), { PORT: port })).toContain(
      `Port ${port} of 127.0.0.1 is in use by another program`,
    )
    server.close()
  })

  test('a variable that is wrong', async () => {
    expect(await refused(join(directory, 'wrong'), { PORT: 'eighty' })).toContain('PORT')
  })

  test('a directory that cannot be written, or whose secrets are damaged', async () => {
    const file = join(directory, 'file')
    await writeFile(file, '')
    expect(await refused(join(file, 'data'))).toContain('cannot be written (ENOTDIR)')
    const data = join(directory, 'damaged')
    await mkdir(data)
    await writeFile(join(data, 'sandkeep.json'), '{"layout":1}')
    await writeFile(join(data, 'secrets.json'), '{')
    expect(await refused(data)).toContain('secrets.json is damaged')
  })
})
