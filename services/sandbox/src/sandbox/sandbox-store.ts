import { type Query, sql, type Tx } from '@sandkeep/postgres'
import type { Sandbox, SandboxStatus, SandboxType } from './sandbox.ts'

export const sandboxColumns = sql`
  id, user_id as "ownerId", name, description, type, status, status_reason as "statusReason",
  node_name as "nodeName", resource_limits as "resourceLimits", configuration, metadata, version,
  file_count as "fileCount", total_bytes as "totalBytes", history_bytes as "historyBytes",
  forked_from_id as "forkedFromId", forked_from_version as "forkedFromVersion",
  expiry_warning_minutes as "expiryWarningMinutes", created_at as "createdAt", updated_at as "updatedAt",
  last_accessed_at as "lastAccessedAt", expires_at as "expiresAt", recoverable_until as "recoverableUntil"`

/** The row of a new sandbox, for `insert into sandboxes … select`. Its created_at is the service's clock. */
export const sandboxRow = (it: Sandbox, owner: Query): Query => sql`
  ${it.id}::uuid, ${owner}, ${it.name}, ${it.description}, ${it.type}, ${it.status},
  ${JSON.stringify(it.resourceLimits)}::jsonb, ${JSON.stringify(it.configuration)}::jsonb,
  ${JSON.stringify(it.metadata)}::jsonb, ${it.forkedFromId}::uuid, ${it.forkedFromVersion}::integer,
  ${it.createdAt}::timestamptz, ${it.updatedAt}::timestamptz, ${it.expiresAt}::timestamptz`

export const newSandboxColumns = sql`
  id, user_id, name, description, type, status, resource_limits, configuration, metadata, forked_from_id,
  forked_from_version, created_at, updated_at, expires_at`

export const findSandbox = (tx: Tx, id: string): Promise<Sandbox | null> =>
  tx.one<Sandbox>(sql.named('find-sandbox')`select ${sandboxColumns} from sandboxes where id = ${id}`)

/** The sandbox as it is until the transaction ends. */
export const lockSandbox = (tx: Tx, id: string): Promise<Sandbox | null> =>
  tx.one<Sandbox>(sql`select ${sandboxColumns} from sandboxes where id = ${id} for update`)

/** The sandbox as it is until the transaction ends, for others to read but not to change. */
export const shareSandbox = (tx: Tx, id: string): Promise<Sandbox | null> =>
  tx.one<Sandbox>(sql`select ${sandboxColumns} from sandboxes where id = ${id} for share`)

export interface SandboxFilter {
  ownerId?: string | undefined
  status?: SandboxStatus | undefined
  type?: SandboxType | undefined
  nodeName?: string | undefined
}

export interface Position {
  createdAt: string
  id: string
}

/** Newest first; without a status, those that were not deleted. */
export const listSandboxes = (
  tx: Tx,
  { ownerId, status, type, nodeName }: SandboxFilter,
  page: { after?: Position | undefined; limit: number },
): Promise<Sandbox[]> => {
  const conditions = [
    status === undefined ? sql`status <> 'terminated'` : sql`status = ${status}`,
    ...(ownerId === undefined ? [] : [sql`user_id = ${ownerId}`]),
    ...(type === undefined ? [] : [sql`type = ${type}`]),
    ...(nodeName === undefined ? [] : [sql`node_name = ${nodeName}`]),
    ...(page.after ? [sql`(created_at, id) < (${page.after.createdAt}, ${page.after.id})`] : []),
  ]
  return tx.query<Sandbox>(sql`
    select ${sandboxColumns} from sandboxes where ${sql.join(conditions, sql` and `)}
    order by created_at desc, id desc limit ${page.limit}`)
}

/** Writes what a change may move, under the next version. The row must be locked and at the version of `it`. */
export async function updateSandbox(tx: Tx, it: Sandbox): Promise<Sandbox> {
  const changed = await tx.one<Sandbox>(sql`
    update sandboxes set
      name = ${it.name}, description = ${it.description}, status = ${it.status}, status_reason = ${it.statusReason},
      node_name = ${it.nodeName}, resource_limits = ${JSON.stringify(it.resourceLimits)}::jsonb,
      configuration = ${JSON.stringify(it.configuration)}::jsonb, metadata = ${JSON.stringify(it.metadata)}::jsonb,
      file_count = ${it.fileCount}, total_bytes = ${it.totalBytes}, history_bytes = ${it.historyBytes},
      expiry_warning_minutes = ${it.expiryWarningMinutes}, expires_at = ${it.expiresAt},
      recoverable_until = ${it.recoverableUntil}, version = version + 1
    where id = ${it.id} and version = ${it.version}
    returning ${sandboxColumns}`)
  if (changed === null)
    throw new Error(`sandbox ${it.id} was not locked: it is no longer at version ${it.version}`)
  return changed
}

/** Reading is no change: neither the version nor updated_at moves. At most once a minute. */
export const touchAccess = (tx: Tx, id: string, now: Date): Promise<number> =>
  tx.run(sql`
    update sandboxes set last_accessed_at = ${now}
    where id = ${id} and (last_accessed_at is null or last_accessed_at <= ${now}::timestamptz - interval '1 minute')`)

export const lockActiveSandboxesOf = (tx: Tx, ownerId: string): Promise<Sandbox[]> =>
  tx.query<Sandbox>(sql`
    select ${sandboxColumns} from sandboxes where user_id = ${ownerId} and status = 'active' order by id for update`)
