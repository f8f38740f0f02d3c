import { Readable } from 'node:stream'
import { openDocuments } from '@sandkeep/documents'
import { openObjects } from '@sandkeep/objects'
import { newId, type Tx } from '@sandkeep/postgres'
import { testDatabase } from '@sandkeep/testkit'
import { pino } from 'pino'
import type { AccountDirectory } from '../src/account-reference/account-directory.ts'
import type { Clock } from '../src/clock.ts'
import { collections } from '../src/collections.ts'
import { migrations } from '../src/migrations.ts'
import { insertSandbox, newSandbox } from '../src/sandbox/create-sandbox.ts'
import type { Actor, Sandbox } from '../src/sandbox/sandbox.ts'
import { createServices } from '../src/services.ts'
import { stores } from './stores.ts'

/** Time that passes only when a test says so. It starts now, since stored objects carry the real time. */
export function testClock() {
  let now = Date.now()
  const clock: Clock & { pass: (ms: number) => void } = {
    now: () => new Date(now),
    pass: (ms) => {
      now += ms
    },
  }
  return clock
}

/** An identity that nobody is at. */
const nobody: AccountDirectory = {
  find: async () => null,
  async *pages() {},
}

/** The service's insides on a database, documents and objects of their own. */
export async function testServices(stack: AsyncDisposableStack) {
  const { db } = stack.use(await testDatabase({ migrations }))
  const documents = stack.use(await openDocuments(stores.documentsUrl, { db, collections }))
  const objects = stack.use(await openObjects(await stores.objectsUrl(stack)))
  const clock = testClock()
  const placeLimits = { student: 50, instructor: 50, admin: 50 }
  const log = pino({ level: 'silent' })
  const services = await createServices({ db, documents, objects, identity: nobody, clock, log, placeLimits })
  const owner: Actor = { userId: newId(), role: 'student' }

  const create = async (actor = owner): Promise<Sandbox> => {
    const sandbox = newSandbox(
      { id: actor.userId, role: actor.role },
      { name: 'Test', type: 'development' },
      clock.now(),
    )
    await insertSandbox(db, sandbox, actor, { limit: placeLimits[actor.role] })
    return services.sandboxes.require(sandbox.id)
  }
  const put = async (id: string, path: string, body: string | Uint8Array, actor = owner) => {
    const sandbox = await services.sandboxes.require(id)
    const write = {
      path,
      mediaType: 'text/plain',
      body: Readable.from([Buffer.from(body)]),
      expected: 'any' as const,
    }
    return services.files.put(sandbox, actor.userId, write)
  }
  /** Path to text of what the sandbox holds, read through the stores. */
  const contents = async (id: string): Promise<Record<string, string>> => {
    const files = await services.files.tree(await services.sandboxes.require(id))
    const texts = files.map(
      async (file) => [file.path, await textOf(await services.files.open(file))] as const,
    )
    return Object.fromEntries(await Promise.all(texts))
  }
  const transact = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => db.transaction(work)
  return {
    ...services,
    transact,
    db,
    documents,
    objects,
    clock,
    owner,
    create,
    put,
    contents,
  }
}

export type TestServices = Awaited<ReturnType<typeof testServices>>

async function textOf(stream: Readable): Promise<string> {
  return Buffer.concat(await stream.toArray()).toString()
}
