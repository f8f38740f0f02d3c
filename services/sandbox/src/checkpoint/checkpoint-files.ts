import type { Tx } from '@sandkeep/postgres'
import type { FileVersion } from '../file/file.ts'
import { ContentLostError } from '../file/file-errors.ts'
import { findVersions } from '../file/file-store.ts'
import type { ManifestEntry } from './manifest.ts'

/** The versions that a manifest of this sandbox names, with the paths they had. */
export async function requireFiles(
  tx: Tx,
  sandboxId: string,
  entries: readonly ManifestEntry[],
): Promise<{ path: string; content: FileVersion }[]> {
  const versions = await findVersions(tx, sandboxId, entries)
  const found = new Map(versions.map((file) => [`${file.version}/${file.path}`, file]))
  return entries.map((entry) => {
    const content = found.get(`${entry.version}/${entry.path}`)
    if (content?.sha256 !== entry.sha256) throw new ContentLostError(entry.sha256)
    return { path: entry.path, content }
  })
}
