import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually, killNine, tempDirectory } from '@sandkeep/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callAt } from './harness.ts'
import { type Audit, audit } from './kill/ledger.ts'
import { countPending, findDrift, findMarked, openStores } from './kill/stores.ts'
import { createWorker, type Worker } from './kill/workload.ts'
import { type SandkeepProcess, startProcess } from './sandkeep-process.ts'

const clean: Audit = { lost: [], invented: [], twice: [], apart: [] }
const workerCount = 6
const kills = 3

const stack = new AsyncDisposableStack()
let data = ''
let running: SandkeepProcess
let workers: Worker[] = []

beforeAll(async () => {
  data = join(await tempDirectory(stack), 'data')
  running = startProcess(data, { LOG_LEVEL: 'warn' })
  stack.defer(async () => {
    running.child.kill('SIGTERM')
    await running.ended
  })
  await running.url()
})
afterAll(() => stack.disposeAsync())

async function adminToken(url: string): Promise<string> {
  const [, login = '', password = ''] =
    /admin: (\S+) (\S+)/.exec(await readFile(join(data, 'sign-in.txt'), 'utf8')) ?? []
  const { body } = await callAt(url, { method: 'POST', path: '/v1/auth/login', body: { login, password } })
  return String(body['accessToken'])
}

/** Kills the product once so many writes were acknowledged since, and starts it again on the same data. */
async function killInTheMiddle(writes: number): Promise<string> {
  const url = await running.url()
  const acknowledged = () => workers.flatMap((it) => it.entries()).filter((it) => it.isAcknowledged).length
  const enough = acknowledged() + writes
  const writing = workers.map((it) => it.writeUntilGone(url))
  await eventually(() => expect(acknowledged()).toBeGreaterThan(enough))
  await killNine(running.child.pid ?? 0)
  await Promise.all(writing)
  running = startProcess(data, { LOG_LEVEL: 'warn' })
  return running.url()
}

async function auditNow(): Promise<Audit> {
  await using opened = new AsyncDisposableStack()
  const stores = await openStores(data, opened)
  await eventually(async () => expect(await countPending(stores)).toBe(0))
  expect(await findDrift(stores)).toEqual([])
  return audit(
    workers.flatMap((it) => it.entries()),
    await findMarked(stores),
  )
}

describe('killed in the middle of writing, and started again', () => {
  beforeAll(async () => {
    const token = await adminToken(await running.url())
    workers = Array.from({ length: workerCount }, () => createWorker(token))
  })

  test.each(Array.from({ length: kills }, (_, index) => index + 1))(
    'kill %i: nothing acknowledged is lost, nothing is invented, nothing is applied twice',
    async (round) => {
      const url = await killInTheMiddle(40 * round)
      await Promise.all(workers.map((it) => it.repeatLast(url)))
      expect(await auditNow()).toEqual(clean)
    },
  )

  test('a client that repeats a write under a new key is seen by the ledger', async () => {
    const url = await killInTheMiddle(20)
    await Promise.all(workers.map((it) => it.repeatLast(url)))
    await Promise.all(workers.map((it) => it.repeatForgetfully(url)))
    expect((await auditNow()).twice).not.toEqual([])
  })
})
