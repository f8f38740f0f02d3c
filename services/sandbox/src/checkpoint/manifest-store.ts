import { getContent, type Objects, putContent } from '@sandkeep/objects'
import type { FileVersion } from '../file/file.ts'
import { ContentLostError } from '../file/file-errors.ts'
import { type ManifestEntry, readManifest, writeManifest } from './manifest.ts'

export const manifestPrefix = 'manifests'

export interface ManifestStore {
  /** Stores the manifest of these files and reads it back before it resolves. */
  save(files: readonly FileVersion[]): Promise<{ key: string; sha256: string }>
  load(sha256: string): Promise<ManifestEntry[]>
}

export function createManifestStore(objects: Objects): ManifestStore {
  const read = async (sha256: string): Promise<string> => {
    const stream = await getContent(objects, manifestPrefix, sha256)
    if (stream === null) throw new ContentLostError(sha256)
    return Buffer.concat(await stream.toArray()).toString()
  }
  return {
    async save(files) {
      const manifest = writeManifest(files)
      const { key, sha256 } = await putContent(objects, manifestPrefix, Buffer.from(manifest.text))
      if ((await read(manifest.sha256)) !== manifest.text) throw new ContentLostError(manifest.sha256)
      return { key, sha256 }
    },
    load: async (sha256) => readManifest(await read(sha256)),
  }
}
