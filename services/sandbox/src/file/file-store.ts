import { sql, type Tx } from '@sandkeep/postgres'
import type { FileVersion } from './file.ts'

const columns = sql`
  f.id, f.path, f.version, f.size_bytes as "sizeBytes", f.sha256, f.media_type as "mediaType", f.encoding,
  f.document_id as "documentId", f.object_key as "objectKey", f.created_by as "createdBy",
  f.created_at as "createdAt", f.verified_at as "verifiedAt"`

/** The current files in byte order of the path. */
export const readTree = (tx: Tx, sandboxId: string): Promise<FileVersion[]> =>
  tx.query<FileVersion>(sql.named('read-tree')`
    select ${columns} from tree_entries e join file_versions f on f.id = e.file_id
    where e.sandbox_id = ${sandboxId} order by e.path`)

export const findFile = (
  tx: Tx,
  sandboxId: string,
  path: string,
  pathKey: string,
): Promise<FileVersion | null> =>
  tx.one<FileVersion>(sql.named('find-file')`
    select ${columns} from tree_entries e join file_versions f on f.id = e.file_id
    where e.sandbox_id = ${sandboxId} and e.path_key = ${pathKey} and e.path = ${path}`)

export const findVersion = (
  tx: Tx,
  sandboxId: string,
  path: string,
  version: number,
): Promise<FileVersion | null> =>
  tx.one<FileVersion>(sql`
    select ${columns} from file_versions f
    where f.sandbox_id = ${sandboxId} and f.path = ${path} and f.version = ${version}`)

export const listVersions = (
  tx: Tx,
  { sandboxId, path }: { sandboxId: string; path: string },
  page: { before?: number | undefined; limit: number },
): Promise<FileVersion[]> =>
  tx.query<FileVersion>(sql`
    select ${columns} from file_versions f
    where f.sandbox_id = ${sandboxId} and f.path = ${path} and f.version < ${page.before ?? 2_147_483_647}
    order by f.version desc limit ${page.limit}`)

export const findVersions = (
  tx: Tx,
  sandboxId: string,
  wanted: readonly { path: string; version: number }[],
): Promise<FileVersion[]> =>
  tx.query<FileVersion>(sql`
    select ${columns} from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as w(path text, version integer)
    join file_versions f on f.sandbox_id = ${sandboxId} and f.path = w.path and f.version = w.version`)

/** The newest version ever made of each of the paths that has one, also of deleted files. */
export async function newestVersions(
  tx: Tx,
  sandboxId: string,
  paths: readonly string[],
): Promise<Map<string, number>> {
  const rows = await tx.query<{ path: string; version: number }>(sql`
    select w.path, newest.version from unnest(${paths}::text[]) as w(path)
    cross join lateral (
      select version from file_versions f where f.sandbox_id = ${sandboxId} and f.path = w.path
      order by version desc limit 1) as newest`)
  return new Map(rows.map((row) => [row.path, row.version]))
}

export interface NewFile extends FileVersion {
  pathKey: string
}

/** Records the versions, points the tree at them and takes the removed paths out of it. */
export const saveFiles = (
  tx: Tx,
  sandboxId: string,
  { written, removedKeys }: { written: readonly NewFile[]; removedKeys: readonly string[] },
): Promise<number> =>
  tx.run(sql`
    with gone as (
      delete from tree_entries where sandbox_id = ${sandboxId} and path_key = any(${removedKeys}::text[])
    ), new as (
      select * from jsonb_to_recordset(${JSON.stringify(written)}::jsonb) as f(
        id uuid, path text, "pathKey" text, version integer, "sizeBytes" integer, sha256 text, "mediaType" text,
        encoding text, "documentId" uuid, "objectKey" text, "createdBy" uuid, "createdAt" timestamptz)
    ), versions as (
      insert into file_versions (id, sandbox_id, path, version, size_bytes, sha256, media_type, encoding,
        document_id, object_key, created_by, created_at)
      select id, ${sandboxId}, path, version, "sizeBytes", sha256, "mediaType", encoding, "documentId", "objectKey",
        "createdBy", "createdAt" from new
    )
    insert into tree_entries (sandbox_id, path_key, path, file_id)
    select ${sandboxId}, "pathKey", path, id from new
    on conflict (sandbox_id, path_key) do update set path = excluded.path, file_id = excluded.file_id`)

export const markVerified = (tx: Tx, ids: readonly string[], now: Date): Promise<number> =>
  tx.run(
    sql`update file_versions set verified_at = ${now} where id = any(${ids}::uuid[]) and verified_at is null`,
  )

/** Those of the documents that some version still refers to. */
export async function referencedDocuments(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(
    sql`select distinct document_id as id from file_versions where document_id = any(${ids}::uuid[])`,
  )
  return new Set(rows.map((row) => row.id))
}

/** Those of the objects that some version or checkpoint still refers to. */
export async function referencedObjects(tx: Tx, keys: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ key: string }>(sql`
    select object_key as key from file_versions where object_key = any(${keys}::text[])
    union select manifest_key from sandbox_states where manifest_key = any(${keys}::text[])`)
  return new Set(rows.map((row) => row.key))
}
