import { sql, type Tx } from '@sandkeep/postgres'
import type { Actor } from '../sandbox/sandbox.ts'
import type { Account } from './account.ts'

const columns = sql`id, username, role, status, version`

export const findAccount = (tx: Tx, id: string): Promise<Account | null> =>
  tx.one<Account>(sql`select ${columns} from account_refs where id = ${id}`)

/** The account as it is until the transaction ends. Locked before any of its sandboxes, so that nobody waits in a circle. */
export const lockAccount = (tx: Tx, id: string): Promise<Account | null> =>
  tx.one<Account>(sql`select ${columns} from account_refs where id = ${id} for update`)

/** A person's own existence comes from the token: what an event said, or says later, stands. */
export const ensureAccount = (tx: Tx, { userId, role }: Actor): Promise<number> =>
  tx.run(sql`
    insert into account_refs (id, role, status) values (${userId}, ${role}, 'active') on conflict do nothing`)

/** Keeps what identity said, unless something as new is known; whether it was news. */
export async function saveAccount(tx: Tx, it: Account): Promise<boolean> {
  const changed = await tx.run(sql`
    insert into account_refs (id, username, role, status, version)
    values (${it.id}, ${it.username}, ${it.role}, ${it.status}, ${it.version})
    on conflict (id) do update
      set username = excluded.username, role = excluded.role, status = excluded.status, version = excluded.version
      where account_refs.version < excluded.version`)
  return changed > 0
}

/** Takes a place among the account's active sandboxes; false when the account is not active or has no place left. */
export async function takePlace(tx: Tx, ownerId: string, limit: number): Promise<boolean> {
  const taken = await tx.run(sql`
    update account_refs set active_sandboxes = active_sandboxes + 1
    where id = ${ownerId} and status = 'active' and active_sandboxes < ${limit}`)
  return taken > 0
}

export const releasePlaces = (tx: Tx, ownerId: string, count = 1): Promise<number> =>
  tx.run(sql`update account_refs set active_sandboxes = active_sandboxes - ${count} where id = ${ownerId}`)

/** The account is no longer: its name goes, that it was stays for what refers to it. */
export const closeAccount = (tx: Tx, id: string): Promise<number> =>
  tx.run(sql`update account_refs set status = 'inactive', username = null where id = ${id}`)

/** The accounts after one id up to another, each the end of the list where it is null. */
export const listBetween = (tx: Tx, after: string | null, end: string | null): Promise<Account[]> =>
  tx.query<Account>(sql`
    select ${columns} from account_refs
    where (${after}::uuid is null or id > ${after}) and (${end}::uuid is null or id <= ${end})`)

/** Ids of people that rows here refer to and of whom there is no copy. */
export async function listUnknownReferences(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(sql`
    select id from (
      select user_id as id from sandboxes
      union select created_by from sandbox_states
      union select created_by from file_versions
    ) as referred where id is not null and not exists (select from account_refs a where a.id = referred.id)`)
  return rows.map((row) => row.id)
}
