import { type Database, sql, type Tx } from '@sandkeep/postgres'
import type { Clock } from '../clock.ts'
import { lockSandbox } from '../sandbox/sandbox-store.ts'

/** Older ones go, unless the tree or a checkpoint holds them or they are younger than the grace. */
export const keptVersions = 50

const graceMs = 24 * 3_600_000
const pageSize = 100

/** Keeps the history of a file that is saved every few seconds from growing for ever. */
export function createHistoryPruner({ db, clock }: { db: Database; clock: Clock }) {
  const pruneOne = (sandboxId: string, before: Date): Promise<number> =>
    db.transaction(async (tx) => {
      const sandbox = await lockSandbox(tx, sandboxId)
      return sandbox === null ? 0 : deleteOldVersions(tx, sandboxId, before)
    })

  return {
    /** How many versions went. */
    async prune(signal?: AbortSignal): Promise<number> {
      const before = new Date(clock.now().getTime() - graceMs)
      let pruned = 0
      let page = await listLongHistories(db, null)
      while (page.length > 0) {
        signal?.throwIfAborted()
        for (const { id } of page) pruned += await pruneOne(id, before)
        page = await listLongHistories(db, page.at(-1)?.id ?? null)
      }
      return pruned
    },
  }
}

const listLongHistories = (tx: Tx, after: string | null): Promise<{ id: string }[]> =>
  tx.query<{ id: string }>(sql`
    select id from sandboxes
    where (${after}::uuid is null or id > ${after})
      and exists (select from file_versions f where f.sandbox_id = sandboxes.id and f.version > ${keptVersions})
    order by id limit ${pageSize}`)

async function deleteOldVersions(tx: Tx, sandboxId: string, before: Date): Promise<number> {
  const row = await tx.one<{ count: number }>(sql`
    with ranked as (
      select id, created_at, row_number() over (partition by path order by version desc) as rank
      from file_versions where sandbox_id = ${sandboxId}
    ), deleted as (
      delete from file_versions f using ranked r
      where f.id = r.id and r.rank > ${keptVersions} and r.created_at < ${before}
        and not exists (select from tree_entries e where e.file_id = f.id)
        and not exists (select from sandbox_states s where s.sandbox_id = ${sandboxId} and f.id = any(s.file_ids))
      returning f.id, f.document_id, f.size_bytes
    ), unheld as (
      select distinct document_id, size_bytes from deleted d
      where not exists (
        select from file_versions f where f.document_id = d.document_id and f.sandbox_id = ${sandboxId}
          and f.id not in (select id from deleted))
    ), freed as (
      select coalesce(sum(size_bytes), 0)::integer as bytes from unheld
    ), counted as (
      update sandboxes set history_bytes = greatest(0, history_bytes - freed.bytes)
      from freed where id = ${sandboxId} and freed.bytes > 0
    )
    select count(*)::integer as count from deleted`)
  return row?.count ?? 0
}
