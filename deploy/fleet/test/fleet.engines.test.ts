import { join } from 'node:path'
import { openPostgres, sql } from '@sandkeep/postgres'
import { eventually, gone, isRunning } from '@sandkeep/testkit'
import { connect } from 'amqplib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type Fleet, startFleet } from '../src/index.ts'
import { runProgram } from './programs.ts'

const stack = new AsyncDisposableStack()
const lines: string[] = []
let fleet: Fleet
beforeAll(async () => {
  fleet = stack.use(await startFleet({ log: { write: (line) => void lines.push(line) } }))
})
afterAll(() => stack.disposeAsync())

const json = { 'content-type': 'application/json' }
const tokens = z.object({ accessToken: z.string() })
const resource = z.object({ id: z.string() })

async function signIn(): Promise<Record<string, string>> {
  const student = fleet.accounts.find((it) => it.role === 'student')
  const body = JSON.stringify({ login: student?.email, password: student?.password })
  const answer = await fetch(`${fleet.url}/v1/auth/login`, { method: 'POST', headers: json, body })
  expect(answer.status).toBe(200)
  const { accessToken } = tokens.parse(await answer.json())
  return { ...json, authorization: `Bearer ${accessToken}` }
}

test("a learner's first hour is played on the fleet as it is on one process", async () => {
  const exercises = join(import.meta.dirname, '../../embedded/exercises')
  const args = [exercises, '--url', fleet.url, '--data', fleet.directory.root]
  const { code, text } = await runProgram('embedded/src/demo/main.ts', args)
  expect(code, text).toBe(0)
  expect(text).toContain('6 exercises in')
  expect(text).toMatch(
    /Events published: \d+ by identity, \d+ by sandbox\. Consumed: \d+ by sandbox\.accounts\./,
  )
})

test('every line of the log says whose it is', () => {
  const names = new Set(lines.map((line) => String(JSON.parse(line).name).split(' ')[0]))
  expect([...names].sort()).toEqual(expect.arrayContaining(['fleet', 'gateway', 'identity', 'sandbox']))
})

test('a service that is killed comes back, and what it acknowledged is still there', async () => {
  const headers = await signIn()
  const made: string[] = []
  const makeOne = async () => {
    const body = JSON.stringify({ name: `Kept ${made.length}`, type: 'exercise' })
    const idempotent = { ...headers, 'idempotency-key': crypto.randomUUID() }
    const answer = await fetch(`${fleet.url}/v1/sandboxes`, { method: 'POST', headers: idempotent, body })
    if (answer.status !== 201) throw new Error(`status ${answer.status}`)
    made.push(resource.parse(await answer.json()).id)
  }
  for (let n = 0; n < 5; n++) await makeOne()
  const killed = fleet.services.sandbox.pid()
  const writing = Promise.allSettled(Array.from({ length: 20 }, makeOne))
  await fleet.services.sandbox.kill()
  await writing
  await fleet.services.sandbox.whenReady()
  expect(fleet.services.sandbox.pid()).not.toBe(killed)
  expect(lines.join('')).toContain('service ended, starting it again after a pause')
  await eventually(makeOne)
  for (const id of made) {
    const answer = await fetch(`${fleet.url}/v1/sandboxes/${id}`, { headers })
    expect(answer.status).toBe(200)
  }
})

test('npm run fleet -- --kill kills a service of the fleet that runs, and waits until it is back', async () => {
  const killed = fleet.services.identity.pid()
  const { code, text } = await runProgram('fleet/src/main.ts', ['--kill', 'identity'], {
    DATA_DIR: fleet.directory.root,
  })
  expect(code, text).toBe(0)
  expect(text).toMatch(
    new RegExp(`^identity \\(process ${killed}\\) was killed, and is back as process \\d+`),
  )
  await signIn()
})

test.each([
  { name: 'identity', engine: 'identityDatabase', saying: 'waiting for PostgreSQL, which is not there yet' },
  { name: 'sandbox', engine: 'documents', saying: 'waiting for the document store, which is not there yet' },
] as const)(
  '$name, when it comes before its engine, says what it waits for, and goes on by itself',
  async (it) => {
    await fleet.engines[it.engine]?.kill()
    await fleet.services[it.name].kill()
    await eventually(
      () => {
        const waiting = lines.filter((line) => line.includes(it.saying)).map((line) => JSON.parse(line).name)
        expect(waiting).toContain(it.name)
      },
      { timeoutMs: 30_000 },
    )
    await fleet.engines[it.engine]?.restart()
    await fleet.services[it.name].whenReady()
    await eventually(signIn)
  },
)

test('the role of a service reaches its own database and no other', async () => {
  const { identity, sandbox } = fleet.settings
  const own = new URL(identity['DATABASE_URL'] ?? '')
  const other = new URL(sandbox['DATABASE_URL'] ?? '')
  const { username, password } = own
  expect(other.port).not.toBe(own.port)
  expect(await whoIs(own)).toBe('identity')
  await expect(whoIs(own, { pathname: '/postgres' })).rejects.toThrow('permission denied for database')
  await expect(whoIs(other, { username, password })).rejects.toThrow('password authentication failed')
})

async function whoIs(at: URL, changes: Partial<URL> = {}): Promise<string | undefined> {
  const url = Object.assign(new URL(at), changes).href
  await using db = await openPostgres({ url, applicationName: 'test' })
  return (await db.one<{ name: string }>(sql`select current_user as name`))?.name
}

test("a service's user of the broker can neither read another's queues nor announce in its name", async () => {
  const asIdentity = await connect(fleet.settings.identity['BUS_URL'] ?? '')
  const asSandbox = await connect(fleet.settings.sandbox['BUS_URL'] ?? '')
  const refused = async (work: Promise<unknown>) =>
    expect(work).rejects.toThrow(/ACCESS_REFUSED|access.refused/i)
  const channelOf = async (it: typeof asIdentity) => {
    const channel = await it.createConfirmChannel()
    channel.on('error', () => {})
    return channel
  }
  await refused((await channelOf(asIdentity)).get('sandbox.accounts'))
  await refused(
    (await channelOf(asIdentity)).assertQueue('identity.spy').then(async () => {
      const spy = await channelOf(asIdentity)
      await spy.bindQueue('identity.spy', 'sandbox.events', '#')
    }),
  )
  const channel = await channelOf(asSandbox)
  channel.publish('identity.events', 'identity.user.registered.v1', Buffer.from('{}'))
  await expect(channel.waitForConfirms()).rejects.toThrow()
  await asIdentity.close()
  await asSandbox.close()
})

test('it stops in order and leaves nothing behind', async () => {
  const pids = Object.values(fleet.services).map((it) => it.pid() ?? 0)
  expect(pids.every(isRunning)).toBe(true)
  await fleet[Symbol.asyncDispose]()
  await Promise.all(pids.map(gone))
  const stopping = lines.flatMap((line) => (line.includes('service stopping') ? [JSON.parse(line).name] : []))
  expect(stopping).toEqual(['gateway', 'sandbox', 'identity'])
})
