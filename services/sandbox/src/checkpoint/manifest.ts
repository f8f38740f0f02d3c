import { createHash } from 'node:crypto'
import type { FileVersion } from '../file/file.ts'

export interface ManifestEntry {
  path: string
  version: number
  sizeBytes: number
  sha256: string
  mediaType: string
}

/**
 * A checkpoint's files as text, one JSON line each, in byte order of the path: equal trees make equal manifests,
 * so a manifest is content-addressed like any other object.
 */
export function writeManifest(files: readonly FileVersion[]): { text: string; sha256: string } {
  const lines = files
    .map(entryOf)
    .sort(byPath)
    .map((entry) => `${JSON.stringify(entry)}\n`)
  const text = lines.join('')
  return { text, sha256: createHash('sha256').update(text).digest('hex') }
}

export function readManifest(text: string): ManifestEntry[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): ManifestEntry => JSON.parse(line))
}

function entryOf({ path, version, sizeBytes, sha256, mediaType }: FileVersion): ManifestEntry {
  return { path, version, sizeBytes, sha256, mediaType }
}

export function byPath(left: { path: string }, right: { path: string }): number {
  return Buffer.compare(Buffer.from(left.path), Buffer.from(right.path))
}
