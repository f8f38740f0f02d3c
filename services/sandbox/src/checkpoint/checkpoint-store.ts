import { sql, type Tx } from '@sandkeep/postgres'
import type { Checkpoint } from './checkpoint.ts'

// "version" in an `order by` would be the revision: qualify the column.
const columns = sql`
  id, sandbox_id as "sandboxId", version as "sandboxVersion", manifest_key as "manifestKey",
  state_data->>'manifestSha256' as "manifestSha256", (state_data->>'fileCount')::integer as "fileCount",
  (state_data->>'totalBytes')::integer as "totalBytes", checkpoint_name as name, reason, pinned,
  revision as version, created_by as "createdBy", created_at as "createdAt", updated_at as "updatedAt"`

export const insertCheckpoint = (tx: Tx, it: Checkpoint, fileIds: readonly string[]): Promise<number> => {
  const { manifestSha256, fileCount, totalBytes } = it
  return tx.run(sql`
    insert into sandbox_states (id, sandbox_id, version, state_data, manifest_key, file_ids, checkpoint_name, reason,
      pinned, created_by, created_at, updated_at)
    values (${it.id}, ${it.sandboxId}, ${it.sandboxVersion},
      ${JSON.stringify({ manifestSha256, fileCount, totalBytes })}::jsonb, ${it.manifestKey}, ${fileIds}::uuid[],
      ${it.name}, ${it.reason}, ${it.pinned}, ${it.createdBy}, ${it.createdAt}, ${it.updatedAt})`)
}

export const findCheckpoint = (tx: Tx, sandboxId: string, id: string): Promise<Checkpoint | null> =>
  tx.one<Checkpoint>(
    sql`select ${columns} from sandbox_states where sandbox_id = ${sandboxId} and id = ${id}`,
  )

export const findNewestCheckpoint = (tx: Tx, sandboxId: string): Promise<Checkpoint | null> =>
  tx.one<Checkpoint>(sql`
    select ${columns} from sandbox_states where sandbox_id = ${sandboxId} order by sandbox_states.version desc limit 1`)

/** Newest first. */
export const listCheckpoints = (
  tx: Tx,
  sandboxId: string,
  page: { before?: number | undefined; limit: number },
): Promise<Checkpoint[]> =>
  tx.query<Checkpoint>(sql`
    select ${columns} from sandbox_states
    where sandbox_id = ${sandboxId} and version < ${page.before ?? 2_147_483_647}
    order by sandbox_states.version desc limit ${page.limit}`)

export const countCheckpoints = async (tx: Tx, sandboxId: string): Promise<number> => {
  const row = await tx.one<{ count: number }>(
    sql`select count(*)::integer as count from sandbox_states where sandbox_id = ${sandboxId}`,
  )
  return row?.count ?? 0
}

/** The labelled checkpoint, or null when it is gone or no longer at that version. */
export const labelCheckpoint = (
  tx: Tx,
  it: Pick<Checkpoint, 'id' | 'sandboxId' | 'version' | 'name' | 'pinned'>,
): Promise<Checkpoint | null> =>
  tx.one<Checkpoint>(sql`
    update sandbox_states set checkpoint_name = ${it.name}, pinned = ${it.pinned}, revision = revision + 1
    where sandbox_id = ${it.sandboxId} and id = ${it.id} and revision = ${it.version}
    returning ${columns}`)

export async function deleteCheckpoint(
  tx: Tx,
  it: Pick<Checkpoint, 'id' | 'sandboxId' | 'version'>,
): Promise<boolean> {
  const deleted = await tx.run(sql`
    delete from sandbox_states
    where sandbox_id = ${it.sandboxId} and id = ${it.id} and revision = ${it.version} and not pinned`)
  return deleted > 0
}
