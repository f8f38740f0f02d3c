import { type Query, sql, type Tx } from '@sandkeep/postgres'
import type { Role } from '@sandkeep/service-kit'
import {
  type Account,
  isEmail,
  type JsonObject,
  normaliseEmail,
  type Status,
  usernameKey,
} from './account.ts'

export interface NewAccount {
  id: string
  email: string
  username: string
  passwordHash: string
  firstName: string | null
  lastName: string | null
  role: Role
  status: Status
  emailVerified: boolean
  metadata: JsonObject
}

/** What may change by itself; role and status have their own statements. Absent stays, null clears. */
export interface AccountChanges {
  email?: string | undefined
  emailVerified?: boolean | undefined
  username?: string | undefined
  firstName?: string | null | undefined
  lastName?: string | null | undefined
  metadata?: JsonObject | undefined
  role?: Role | undefined
  status?: Status | undefined
}

export const accountColumns = sql`
  id, email, username, first_name as "firstName", last_name as "lastName", role, status,
  email_verified as "emailVerified", version, created_at as "createdAt", updated_at as "updatedAt",
  last_login_at as "lastLoginAt", metadata`

/** The account, with its empty profile; null when the address or the username is taken. */
export const insertAccount = (tx: Tx, it: NewAccount): Promise<Account | null> =>
  tx.one<Account>(sql`
    with account as (
      insert into users (id, email, username, password_hash, first_name, last_name, role, status, email_verified, metadata)
      select ${it.id}, ${it.email}, ${it.username}, ${it.passwordHash}, ${it.firstName}, ${it.lastName}, ${it.role},
        ${it.status}, ${it.emailVerified}, ${JSON.stringify(it.metadata)}
      where not exists (
        select from username_holds where username = ${usernameKey(it.username)} and expires_at > now())
      on conflict do nothing
      returning *
    ), profile as (
      insert into user_profiles (user_id) select id from account
    )
    select ${accountColumns} from account`)

/** Whether somebody has the name, or it is held back for a while. */
export async function isUsernameTaken(tx: Tx, username: string): Promise<boolean> {
  const key = usernameKey(username)
  const found = await tx.one(sql`
    select from users where lower(username) = ${key}
    union all select from username_holds where username = ${key} and expires_at > now()
    limit 1`)
  return found !== null
}

export const holdUsername = (tx: Tx, username: string, until: Date): Promise<number> =>
  tx.run(sql`
    insert into username_holds (username, expires_at) values (${usernameKey(username)}, ${until})
    on conflict (username) do update set expires_at = excluded.expires_at`)

export const findAccount = (tx: Tx, id: string): Promise<Account | null> =>
  tx.one<Account>(sql.named('find-account')`select ${accountColumns} from users where id = ${id}`)

export const findAccountByEmail = (tx: Tx, email: string): Promise<Account | null> =>
  tx.one<Account>(sql`select ${accountColumns} from users where email = ${normaliseEmail(email)}`)

/** The account as it is until the transaction ends. */
export const lockAccount = (tx: Tx, id: string): Promise<Account | null> =>
  tx.one<Account>(sql`select ${accountColumns} from users where id = ${id} for update`)

/** The administrators who can act, kept from changing until the transaction ends. */
export async function lockActiveAdmins(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    sql`select id from users where role = 'admin' and status = 'active' order by id for update`,
  )
  return rows.map((row) => row.id)
}

/** The changed account, or null when it is gone or no longer at that version. */
export const updateAccount = (
  tx: Tx,
  { id, version }: { id: string; version: number },
  changes: AccountChanges,
): Promise<Account | null> =>
  tx.one<Account>(sql`
    update users set ${sql.join([...assignments(changes), sql`version = version + 1`], sql`, `)}
    where id = ${id} and version = ${version}
    returning ${accountColumns}`)

function assignments(changes: AccountChanges): Query[] {
  const columns: Record<keyof AccountChanges, string> = {
    email: 'email',
    emailVerified: 'email_verified',
    username: 'username',
    firstName: 'first_name',
    lastName: 'last_name',
    metadata: 'metadata',
    role: 'role',
    status: 'status',
  }
  return Object.entries(columns).flatMap(([field, column]) => {
    const value = changes[field as keyof AccountChanges]
    if (value === undefined) return []
    return [sql`${sql.identifier(column)} = ${field === 'metadata' ? JSON.stringify(value) : value}`]
  })
}

export const deleteAccount = (tx: Tx, id: string): Promise<number> =>
  tx.run(sql`delete from users where id = ${id}`)

export interface Credentials {
  account: Account
  passwordHash: string
}

/** The account that signs in with this address or username, and what its password is checked against. */
export async function findCredentials(tx: Tx, login: string): Promise<Credentials | null> {
  return isEmail(login)
    ? credentials(tx, sql.named('credentials-by-email'), sql`email = ${normaliseEmail(login)}`)
    : credentials(
        tx,
        sql.named('credentials-by-username'),
        sql`lower(username) = ${usernameKey(login.trim())}`,
      )
}

export const findCredentialsById = (tx: Tx, id: string): Promise<Credentials | null> =>
  credentials(tx, sql, sql`id = ${id}`)

async function credentials(
  tx: Tx,
  statement: (parts: TemplateStringsArray, ...values: unknown[]) => Query,
  where: Query,
): Promise<Credentials | null> {
  const row = await tx.one<Account & { passwordHash: string }>(
    statement`select ${accountColumns}, password_hash as "passwordHash" from users where ${where}`,
  )
  if (!row) return null
  const { passwordHash, ...account } = row
  return { account, passwordHash }
}

/** Replaces the hash that was verified; 0 when the password was changed meanwhile. */
export const replacePasswordHash = (tx: Tx, id: string, next: string, verified?: string): Promise<number> =>
  tx.run(sql`
    update users set password_hash = ${next}
    where id = ${id} ${verified === undefined ? sql`` : sql`and password_hash = ${verified}`}`)
