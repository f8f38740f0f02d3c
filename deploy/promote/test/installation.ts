import { join } from 'node:path'
import { startProduct } from '@sandkeep/embedded'
import { configSchema } from '@sandkeep/embedded/parts'
import { openPostgres, sql, startEmbeddedPostgres } from '@sandkeep/postgres'
import { readConfig } from '@sandkeep/service-kit'
import { pino } from 'pino'
import { z } from 'zod'

export const password = 'Correct horse 9'
export const personLogin = (n: number) => `person${n}@example.org`

const tokens = z.object({ accessToken: z.string() })
const resource = z.object({ id: z.string() })

/** An embedded installation that people have worked in, stopped. Person 1 owns the sandboxes. */
export async function makeInstallation(directory: string, size: { people: number; sandboxes: number }) {
  const DATA_DIR = join(directory, 'data')
  const config = readConfig(configSchema, { PORT: '0', DATA_DIR })
  await using product = await startProduct({ config, loggers: () => pino({ level: 'silent' }) })
  await using db = await openPostgres({
    url: product.settings.identity['DATABASE_URL'] ?? '',
    applicationName: 'test',
    statementTimeoutMs: 60_000,
  })
  const admin = await signIn(
    product.url,
    product.accounts.find((it) => it.role === 'admin'),
  )
  const first = { email: personLogin(1), username: 'person1', password, role: 'student', emailVerified: true }
  await post(`${product.url}/v1/users`, admin, first)
  await db.run(sql`
    insert into users (email, username, password_hash, first_name, email_verified)
    select 'person' || n || '@example.org', 'person' || n, (select password_hash from users where username = 'person1'),
      e'Odd\\tname \\\\ "' || n || '"', true
    from generate_series(2, ${size.people}::integer) n`)
  await db.run(sql`insert into user_profiles (user_id) select id from users on conflict do nothing`)

  const token = await signIn(product.url, first)
  const ids: string[] = []
  for (let n = 0; n < size.sandboxes; n++) {
    const at = `${product.url}/v1/sandboxes`
    const { id } = await post(at, token, { name: `Work ${n}`, type: 'exercise' })
    const changes = [
      { path: 'src/hello.erl', content: `-module(hello${n}).\r\n%% ünïcödé \u{1f600}\n` },
      { path: 'bin/blob', contentBase64: Buffer.alloc(300_000, n + 1).toString('base64') },
    ]
    await post(`${at}/${id}/changes`, token, { changes }, { 'if-match': '*' })
    await post(`${at}/${id}/checkpoints`, token, { name: 'As it was' })
    ids.push(id)
  }
  return { DATA_DIR, ids }
}

/** Adds an event that a killed installation would not have published yet. */
export async function leaveUnpublished(DATA_DIR: string): Promise<void> {
  await using postgres = await startEmbeddedPostgres({ dataDirectory: join(DATA_DIR, 'postgres') })
  const url = Object.assign(new URL(postgres.url), { pathname: '/identity' }).href
  await using db = await openPostgres({ url, applicationName: 'test' })
  await db.run(sql`
    insert into messaging.outbox (id, aggregate_type, aggregate_id, aggregate_version, type, data, context, occurred_at)
    select gen_random_uuid(), aggregate_type, aggregate_id, aggregate_version + 1, type, data, context, occurred_at
    from messaging.event_log where type = 'identity.user.registered.v1' limit 1`)
}

const json = { 'content-type': 'application/json' }

export async function signIn(url: string, account?: { email: string; password: string }): Promise<string> {
  const body = JSON.stringify({ login: account?.email, password: account?.password })
  const answer = await fetch(`${url}/v1/auth/login`, { method: 'POST', headers: json, body })
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  return tokens.parse(await answer.json()).accessToken
}

async function post(url: string, token: string, body: object, more: Record<string, string> = {}) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { ...json, ...more, authorization: `Bearer ${token}`, 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  const made: unknown = await answer.json()
  return { id: resource.safeParse(made).data?.id ?? '' }
}
