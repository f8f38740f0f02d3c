import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openBus } from '@sandkeep/messaging'
import { type Database, sql } from '@sandkeep/postgres'
import { type Problem, type Role, readConfig, Secret } from '@sandkeep/service-kit'
import { createTestHost, testServiceTokens } from '@sandkeep/service-kit/testing'
import { eventually, tempDirectory, testDatabase } from '@sandkeep/testkit'
import type { InjectOptions } from 'fastify'
import { type Logger, pino } from 'pino'
import { expect } from 'vitest'
import { build, type Identity } from '../src/app.ts'
import { configSchema } from '../src/config.ts'
import type { Purpose } from '../src/credential/one-time-token.ts'
import { migrations } from '../src/migrations.ts'
import { stores } from './stores.ts'

export const password = 'Correct horse 9'
export const publicUrl = 'https://sandkeep.example'

export interface Call {
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  url: string
  body?: unknown
  token?: string | undefined
  version?: number | undefined
  headers?: Record<string, string>
  /** The address that the call seems to come from. */
  from?: string
}

export interface Reply {
  status: number
  body: Record<string, unknown>
  problem: Problem
  headers: Record<string, string | string[] | number | undefined>
  text: string
}

export interface Person {
  id: string
  email: string
  username: string
  version: number
  accessToken: string
  refreshToken: string
}

export interface TestIdentity {
  /** To start another replica on the same stores, without a cache between the two. */
  env: Record<string, string>
  db: Database
  app: Identity['app']
  accounts: Identity['accounts']
  mailDirectory: string
  objectsUrl: string
  /** Headers of a call by a service of the fleet. */
  asService: () => Promise<Record<string, string>>
  call: (it: Call) => Promise<Reply>
  /** Makes an account that can sign in, and signs it in. */
  person: (it?: { role?: Role; username?: string }) => Promise<Person>
  signIn: (login: string, secret?: string) => Promise<Reply>
  /** The mails to an address, oldest first. */
  mails: (email: string) => Promise<string[]>
  mailedToken: (email: string, purpose: Purpose) => Promise<string>
  /** Types of what was announced about an account, oldest first. */
  announced: (userId: string) => Promise<{ type: string; version: number; data: Record<string, unknown> }[]>
}

let count = 0
export const unique = (word: string): string => `${word}${process.pid}x${++count}`

export interface TestOptions {
  env?: Record<string, string>
  log?: Logger
}

export async function startIdentity(
  stack: AsyncDisposableStack,
  { env = {}, log = pino({ level: 'silent' }) }: TestOptions = {},
): Promise<TestIdentity> {
  const { db, url } = stack.use(await testDatabase({ migrations }))
  const directory = await tempDirectory(stack)
  const mailDirectory = join(directory, 'mail')
  const objectsUrl = stores.objectsUrl ?? `file:${join(directory, 'objects')}`
  const settings = {
    DATABASE_URL: url,
    BUS_URL: 'memory:',
    CACHE_URL: 'memory:',
    OBJECTS_URL: objectsUrl,
    MAIL_URL: `file:${mailDirectory}`,
    PUBLIC_URL: publicUrl,
    SERVICE_SECRET: randomBytes(32).toString('base64url'),
    KEY_ENCRYPTION_SECRET: randomBytes(32).toString('base64url'),
    ...env,
  }
  const config = readConfig(configSchema, settings)
  const bus = stack.use(await openBus('memory:', { log, name: 'test' }))
  const host = { ...createTestHost(), log }
  stack.defer(() => host.shutdown.run())
  const { app, accounts } = await build(config, host, { bus })
  bus.resume()
  stack.adopt(app, (it) => it.close())
  await app.ready()

  async function call({ method = 'GET', url, body, token, version, headers, from }: Call): Promise<Reply> {
    const options: InjectOptions = {
      method,
      url,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: body as Exclude<InjectOptions['payload'], undefined> }),
      ...(from === undefined ? {} : { remoteAddress: from }),
    }
    const answer = await app.inject(options)
    const json = String(answer.headers['content-type']).includes('json') ? answer.json() : {}
    return {
      status: answer.statusCode,
      body: json,
      problem: json,
      headers: answer.headers,
      text: answer.body,
    }
  }

  const signIn: TestIdentity['signIn'] = (login, secret = password) =>
    call({ method: 'POST', url: '/v1/auth/login', body: { login, password: secret } })

  async function mails(email: string): Promise<string[]> {
    const names = (await readdir(mailDirectory)).filter((name) => name.endsWith('.eml')).sort()
    const all = await Promise.all(names.map((name) => readFile(join(mailDirectory, name), 'utf8')))
    return all.filter((mail) => mail.includes(`To: <${email}>`))
  }

  return {
    env: settings,
    db,
    app,
    accounts,
    mailDirectory,
    objectsUrl,
    call,
    signIn,
    mails,
    asService: async () => ({
      'sandkeep-service': await testServiceTokens('sandbox', new Secret(settings.SERVICE_SECRET)).tokenFor(
        'identity',
      ),
    }),
    async person({ role = 'student', username = unique('person') } = {}) {
      const email = `${username.toLowerCase()}@example.org`
      const made = await accounts.createAccount({ email, username, password, role, emailVerified: true })
      const { body, status, text } = await signIn(email)
      expect(status, text).toBe(200)
      return {
        id: made.id,
        email,
        username,
        version: made.version,
        accessToken: String(body['accessToken']),
        refreshToken: String(body['refreshToken']),
      }
    },
    mailedToken: (email, purpose) =>
      eventually(async () => {
        const pattern = new RegExp(`#${purpose}=([\\w-]+)`)
        const token = (await mails(email)).flatMap((mail) => pattern.exec(mail)?.[1] ?? []).at(-1)
        if (token === undefined) throw new Error(`no mail with a ${purpose} link to ${email}`)
        return token
      }),
    announced: (userId) =>
      db.query(sql`
        select type, aggregate_version as version, data from (
          select id, type, aggregate_version, data from messaging.outbox where aggregate_id = ${userId}
          union
          select id, type, aggregate_version, data from messaging.event_log where aggregate_id = ${userId}
        ) as events order by id`),
  }
}
