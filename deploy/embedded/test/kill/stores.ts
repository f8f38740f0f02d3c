import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Database, openPostgres, sql } from '@sandkeep/postgres'
import type { Found } from './ledger.ts'

export interface Stores {
  identity: Database
  sandbox: Database
}

/** Opens the databases of a running product past it, as somebody with its data directory could. */
export async function openStores(dataDirectory: string, stack: AsyncDisposableStack): Promise<Stores> {
  const directory = join(dataDirectory, 'postgres')
  const password = await readFile(join(directory, 'superuser-password'), 'utf8')
  const [, , , port] = (await readFile(join(directory, 'cluster/postmaster.pid'), 'utf8')).split('\n')
  const open = async (name: string) => {
    const url = `postgresql://postgres:${password}@127.0.0.1:${port}/${name}`
    return stack.use(await openPostgres({ url, applicationName: 'ledger', max: 2 }))
  }
  return { identity: await open('identity'), sandbox: await open('sandbox') }
}

const events = sql`(select id, type, aggregate_id, data from messaging.outbox
  union all select id, type, aggregate_id, data from messaging.event_log) as events`

const users = sql`
  select 'user' as kind, username as mark, 1 as made,
    (select count(*) from ${events} where type = 'identity.user.registered.v1' and aggregate_id = users.id::text) as announced
  from users where username like 'mark-%'`

const sandboxes = sql`
  select 'sandbox' as kind, name as mark, count(*) as made,
    (select count(*) from ${events} where type = 'sandbox.sandbox.created.v1' and data #>> '{sandbox,name}' = sandboxes.name) as announced
  from sandboxes where name like 'mark-%' group by name`

const files = sql`
  select 'file' as kind, path as mark, count(*) as made,
    (select count(*) from ${events} where type = 'sandbox.file.changed.v1' and data ->> 'path' = file_versions.path) as announced
  from file_versions where path like 'mark-%' group by path`

/** What the stores hold of everything that bears a mark. */
export async function findMarked({ identity, sandbox }: Stores): Promise<Found[]> {
  return [
    ...(await identity.query<Found>(users)),
    ...(await sandbox.query<Found>(sandboxes)),
    ...(await sandbox.query<Found>(files)),
  ]
}

/** How what the consumer keeps of accounts differs from what it was told: each line is one difference. */
export async function findDrift({ identity, sandbox }: Stores): Promise<string[]> {
  const accounts = await identity.query<{ id: string; role: string; status: string }>(
    sql`select id, role, status from users`,
  )
  const known = await sandbox.query<{ id: string; role: string; status: string }>(
    sql`select id, role, status from account_refs`,
  )
  const refs = new Map(known.map((it) => [it.id, it]))
  const miscounted = await sandbox.query<{ id: string }>(sql`
    select id from account_refs where active_sandboxes <>
      (select count(*) from sandboxes where user_id = account_refs.id and status = 'active')`)
  return [
    ...accounts
      .filter(({ id, role, status }) => refs.get(id)?.role !== role || refs.get(id)?.status !== status)
      .map(({ id }) => `${id} is not as announced`),
    ...miscounted.map(({ id }) => `${id} has another number of sandboxes than is counted`),
  ]
}

/** Events that wait to be published. */
export async function countPending({ identity, sandbox }: Stores): Promise<number> {
  const pending = sql`select count(*) as n from messaging.outbox`
  const counts = await Promise.all([
    identity.one<{ n: number }>(pending),
    sandbox.one<{ n: number }>(pending),
  ])
  return counts.reduce((sum, row) => sum + (row?.n ?? 0), 0)
}
