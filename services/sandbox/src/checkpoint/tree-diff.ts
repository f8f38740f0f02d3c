import { byPath } from './manifest.ts'

interface DiffFile {
  path: string
  sha256: string
}

export type FileChange<T> =
  | { path: string; change: 'added'; to: T }
  | { path: string; change: 'removed'; from: T }
  | { path: string; change: 'modified'; from: T; to: T }
  | { path: string; change: 'moved'; from: T; to: T }

/** What leads from one tree to another, by path; a file that is gone and back elsewhere with equal bytes is moved. */
export function diffTrees<T extends DiffFile>(from: readonly T[], to: readonly T[]): FileChange<T>[] {
  const before = new Map(from.map((file) => [file.path, file]))
  const after = new Map(to.map((file) => [file.path, file]))
  const removed = from.filter((file) => !after.has(file.path))
  const changes: FileChange<T>[] = []
  for (const file of to) {
    const old = before.get(file.path)
    if (old === undefined) changes.push(arrival(file, removed))
    else if (old.sha256 !== file.sha256)
      changes.push({ path: file.path, change: 'modified', from: old, to: file })
  }
  for (const file of removed) changes.push({ path: file.path, change: 'removed', from: file })
  return changes.sort(byPath)
}

function arrival<T extends DiffFile>(file: T, removed: T[]): FileChange<T> {
  const origin = removed.findIndex((candidate) => candidate.sha256 === file.sha256)
  const [from] = origin === -1 ? [] : removed.splice(origin, 1)
  if (from === undefined) return { path: file.path, change: 'added', to: file }
  return { path: file.path, change: 'moved', from, to: file }
}
