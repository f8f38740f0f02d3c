import { randomBytes } from 'node:crypto'
import { openBus } from '@sandkeep/messaging'
import { type Database, newId, sql } from '@sandkeep/postgres'
import { createServiceCaller, type Problem, type Role, readConfig, Secret } from '@sandkeep/service-kit'
import { createTestHost, createTestTokens, testServiceTokens } from '@sandkeep/service-kit/testing'
import { testDatabase } from '@sandkeep/testkit'
import type { InjectOptions } from 'fastify'
import { pino } from 'pino'
import { expect } from 'vitest'
import { createAccountDirectory } from '../src/account-reference/account-directory.ts'
import { createReconciler, type Reconciler } from '../src/account-reference/reconciler.ts'
import { build, type SandboxService } from '../src/app.ts'
import { configSchema } from '../src/config.ts'
import { migrations } from '../src/migrations.ts'
import type { SandboxView } from '../src/sandbox/sandbox-view.ts'
import { type IdentityStandIn, startIdentityStandIn } from './identity-stand-in.ts'
import { testClock } from './services-harness.ts'
import { stores } from './stores.ts'

export interface Call {
  method?: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  url: string
  /** An object is sent as JSON, text and bytes as they are. */
  body?: unknown
  as?: Person | undefined
  /** The version that was seen. */
  version?: number | undefined
  /** A fresh one unless given. */
  key?: string
  headers?: Record<string, string>
}

export interface Reply {
  status: number
  body: Record<string, unknown>
  problem: Problem
  headers: Record<string, string | string[] | number | undefined>
  text: string
  bytes: Buffer
}

export interface Person {
  id: string
  role: Role
  token: string
}

export interface Announced {
  type: string
  version: number
  data: Record<string, unknown>
}

export interface TestSandbox {
  app: SandboxService['app']
  db: Database
  clock: ReturnType<typeof testClock>
  identity: IdentityStandIn
  call: (it: Call) => Promise<Reply>
  /** Somebody with a token. */
  person: (role?: Role) => Promise<Person>
  create: (owner: Person, wanted?: Record<string, unknown>) => Promise<SandboxView>
  read: (owner: Person, id: string) => Promise<SandboxView>
  put: (owner: Person, id: string, path: string, body: string | Buffer) => Promise<Reply>
  /** Path to text of the working tree, as its owner sees it. */
  contents: (owner: Person, id: string) => Promise<Record<string, string>>
  /** Does now what the service does from time to time. */
  runTask: (name: string) => Promise<unknown>
  /** Compares what is known of accounts with identity now. */
  reconcile: Reconciler['reconcile']
  /** What was announced about a sandbox, oldest first. */
  announced: (id: string) => Promise<Announced[]>
  asService: () => Promise<Record<string, string>>
}

export const filesUrl = (id: string, path: string) =>
  `/v1/sandboxes/${id}/files/${path.split('/').map(encodeURIComponent).join('/')}`

/** The whole service on a database of its own, beside a stand-in for identity. */
export async function startSandbox(
  stack: AsyncDisposableStack,
  env: Record<string, string> = {},
): Promise<TestSandbox> {
  const log = pino({ level: 'silent' })
  const { db, url } = stack.use(await testDatabase({ migrations }))
  const tokens = await createTestTokens()
  const identity = await startIdentityStandIn(stack, tokens)
  const secret = randomBytes(32).toString('base64url')
  const config = readConfig(configSchema, {
    DATABASE_URL: url,
    BUS_URL: 'memory:',
    DOCUMENTS_URL: stores.documentsUrl,
    OBJECTS_URL: await stores.objectsUrl(stack),
    IDENTITY_URL: identity.url,
    SERVICE_SECRET: secret,
    CURSOR_SECRET: randomBytes(32).toString('base64url'),
    ...env,
  })
  const bus = stack.use(await openBus('memory:', { log, name: 'test' }))
  const host = createTestHost()
  stack.defer(() => host.shutdown.run())
  const clock = testClock()
  const { app, tasks } = await build(config, host, { bus, clock })
  bus.resume()
  stack.adopt(app, (it) => it.close())
  await app.ready()

  const call: TestSandbox['call'] = async ({ method = 'GET', url: to, body, as, version, key, headers }) => {
    const options: InjectOptions = {
      method,
      url: to,
      headers: {
        ...(as === undefined ? {} : { authorization: `Bearer ${as.token}` }),
        ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
        ...(method === 'POST' ? { 'idempotency-key': key ?? newId() } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: body as Exclude<InjectOptions['payload'], undefined> }),
    }
    const answer = await app.inject(options)
    // What the service says itself names its charset or is a problem; a file may call itself what it likes.
    const isOurs = /^application\/(json; charset|problem\+json)/.test(String(answer.headers['content-type']))
    const json = isOurs && method !== 'HEAD' ? answer.json() : {}
    return {
      status: answer.statusCode,
      body: json,
      problem: json,
      headers: answer.headers,
      text: answer.body,
      bytes: answer.rawPayload,
    }
  }

  const ok = async (it: Call): Promise<Reply> => {
    const answer = await call(it)
    expect(answer.status, answer.text).toBeLessThan(300)
    return answer
  }

  const viewOf = async (it: Call) => JSON.parse((await ok(it)).text) as SandboxView

  return {
    app,
    db,
    clock,
    identity,
    call,
    async person(role = 'student') {
      const id = newId()
      return { id, role, token: await tokens.issue({ userId: id, role }) }
    },
    create: (as, wanted = {}) =>
      viewOf({
        method: 'POST',
        url: '/v1/sandboxes',
        as,
        body: { name: 'Pipelines', type: 'development', ...wanted },
      }),
    read: (as, id) => viewOf({ url: `/v1/sandboxes/${id}`, as }),
    put: (as, id, path, body) =>
      ok({ method: 'PUT', url: filesUrl(id, path), as, body, headers: { 'if-match': '*' } }),
    async contents(as, id) {
      const { items } = (await ok({ url: `/v1/sandboxes/${id}/tree`, as })).body as {
        items: { path: string }[]
      }
      const texts = items.map(
        async ({ path }) => [path, (await ok({ url: filesUrl(id, path), as })).text] as const,
      )
      return Object.fromEntries(await Promise.all(texts))
    },
    async runTask(name) {
      const task = tasks.find((it) => it.name === name)
      if (task === undefined) throw new Error(`there is no task ${name}`)
      return task.run()
    },
    reconcile: createReconciler({
      db,
      identity: createAccountDirectory(
        createServiceCaller(testServiceTokens('sandbox', new Secret(secret))),
        identity.url,
      ),
    }).reconcile,
    announced: (id) =>
      db.query<Announced>(sql`
        select type, aggregate_version as version, data from (
          select id, type, aggregate_version, data from messaging.outbox where aggregate_id = ${id}
          union
          select id, type, aggregate_version, data from messaging.event_log where aggregate_id = ${id}
        ) as events order by id`),
    asService: async () => ({
      'sandkeep-service': await testServiceTokens('identity', new Secret(secret)).tokenFor('sandbox'),
    }),
  }
}
