import { join } from 'node:path'
import { type Database, newId, openPostgres } from '@sandkeep/postgres'
import { type Problem, type Role, readConfig } from '@sandkeep/service-kit'
import { tempDirectory } from '@sandkeep/testkit'
import { pino } from 'pino'
import { expect } from 'vitest'
import { configSchema } from '../src/config.ts'
import { type Product, type ProductOptions, startProduct } from '../src/product.ts'

export interface Call {
  method?: string
  path: string
  token?: string | undefined
  /** Sent as JSON. */
  body?: unknown
  /** Sent as it is. */
  raw?: string | Uint8Array<ArrayBuffer>
  version?: number
  headers?: Record<string, string>
}

export interface Reply {
  status: number
  /** The JSON that was answered, or an empty object. */
  body: Record<string, unknown>
  problem: Problem
  headers: Headers
  text: string
}

export interface Person {
  id: string
  email: string
  username: string
  password: string
  accessToken: string
  refreshToken: string
}

export interface TestProduct {
  product: Product
  call: (it: Call) => Promise<Reply>
  signIn: (login: string, password: string) => Promise<Reply>
  /** Signs in with one of the first accounts. */
  first: (role: Role) => Promise<string>
  /** Makes an account as an administrator would, and signs it in. */
  person: (role?: Role) => Promise<Person>
  database: (service: 'identity' | 'sandbox') => Promise<Database>
}

/** Limits that tests would meet long before people do. */
const generous = {
  LIMIT_AUTH_PER_ADDRESS: '100000',
  LIMIT_AUTH_PER_ACCOUNT: '100000',
  LIMIT_READS_PER_ACCOUNT: '100000',
  LIMIT_WRITES_PER_ACCOUNT: '100000',
  LIMIT_REQUESTS_PER_ADDRESS: '100000',
}

const silent = pino({ level: 'silent' })
const password = 'Correct horse 9'

/** The whole product in this process, on a free port and new data unless told otherwise. Reached by HTTP alone. */
export async function startTestProduct(
  stack: AsyncDisposableStack,
  { dataDirectory, ...options }: Partial<ProductOptions> & { dataDirectory?: string } = {},
): Promise<TestProduct> {
  const directory = dataDirectory ?? join(await tempDirectory(stack), 'data')
  const config = readConfig(configSchema, { PORT: '0', DATA_DIR: directory })
  const product = stack.use(
    await startProduct({
      config,
      loggers: () => silent,
      ...options,
      overrides: { ...options.overrides, gateway: { ...generous, ...options.overrides?.gateway } },
    }),
  )
  const call = (it: Call) => callAt(product.url, it)
  const signIn = (login: string, secret: string) =>
    call({ method: 'POST', path: '/v1/auth/login', body: { login, password: secret } })

  async function first(role: Role): Promise<string> {
    const account = product.accounts.find((it) => it.role === role)
    const { status, body } = await signIn(account?.email ?? '', account?.password ?? '')
    expect(status).toBe(200)
    return String(body['accessToken'])
  }

  async function person(role: Role = 'student'): Promise<Person> {
    const username = `person-${newId().slice(-12)}`
    const email = `${username}@example.org`
    const made = await call({
      method: 'POST',
      path: '/v1/users',
      token: await first('admin'),
      headers: { 'idempotency-key': newId() },
      body: { email, username, password, role, emailVerified: true },
    })
    expect(made.status, made.text).toBe(201)
    const { body } = await signIn(email, password)
    const [accessToken, refreshToken] = [String(body['accessToken']), String(body['refreshToken'])]
    return { id: String(made.body['id']), email, username, password, accessToken, refreshToken }
  }

  return {
    product,
    call,
    signIn,
    first,
    person,
    database: async (service) => {
      const url = product.settings[service]['DATABASE_URL'] ?? ''
      return stack.use(await openPostgres({ url, applicationName: 'test' }))
    },
  }
}

export async function callAt(url: string, it: Call): Promise<Reply> {
  const { method = 'GET', path, token, body, raw, version, headers } = it
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body))
  const answer = await fetch(url + path, {
    method,
    headers: {
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
      ...headers,
    },
    redirect: 'manual',
    ...(payload === undefined ? {} : { body: payload }),
  })
  const text = await answer.text()
  const json = String(answer.headers.get('content-type')).includes('json') ? JSON.parse(text) : {}
  return { status: answer.status, body: json, problem: json, headers: answer.headers, text }
}
