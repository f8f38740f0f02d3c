import type { Expectation, FileContent, FileVersion } from './file.ts'
import {
  FileExistsError,
  FileNotFoundError,
  FileVersionRequiredError,
  StaleFileError,
} from './file-errors.ts'
import { fold, isBelow } from './file-path.ts'
import { type Draft, type DraftFile, requireNoClash, requireNoTwin, requireRoom } from './tree-rules.ts'

/** The working tree by folded path, so that twins meet. */
export type Tree = ReadonlyMap<string, FileVersion>

export type TreeChange =
  | { kind: 'put'; path: string; content: FileContent; expected?: Expectation }
  | { kind: 'delete'; path: string; expected?: Expectation }
  | { kind: 'move'; from: string; to: string; expected?: Expectation }

export interface PlannedFile {
  path: string
  pathKey: string
  content: FileContent
}

/** What a change of the tree comes to: files that get a new version, and files that are gone. */
export interface TreePlan {
  written: PlannedFile[]
  /** By path: a file whose path only changes its case is removed and written. */
  removed: FileVersion[]
  /** By folded path: the entries that nothing takes the place of. */
  removedKeys: string[]
  fileCount: number
  totalBytes: number
}

export function toTree(files: readonly FileVersion[]): Tree {
  return new Map(files.map((file) => [fold(file.path), file]))
}

/** All changes in order, or an error and none. What ends as it was is no change. */
export function planChanges(tree: Tree, changes: readonly TreeChange[]): TreePlan {
  const draft: Draft = new Map()
  for (const [key, file] of tree) draft.set(key, { path: file.path, content: file, version: file.version })
  for (const change of changes) apply(draft, change)
  return conclude(tree, draft)
}

/** The tree replaced as a whole. */
export function planReplacement(
  tree: Tree,
  files: readonly { path: string; content: FileContent }[],
): TreePlan {
  const draft: Draft = new Map()
  for (const file of files) put(draft, file)
  return conclude(tree, draft)
}

function apply(draft: Draft, change: TreeChange): void {
  if (change.kind === 'move') {
    move(draft, change.from, change.to, change.expected)
    return
  }
  const present = find(draft, change.path)
  if (change.kind === 'delete' && present === undefined) throw new FileNotFoundError(change.path)
  requireExpected(change.path, present, change.expected)
  if (change.kind === 'put') put(draft, { path: change.path, content: change.content })
  else draft.delete(fold(change.path))
}

function find(draft: Draft, path: string): DraftFile | undefined {
  const file = draft.get(fold(path))
  return file?.path === path ? file : undefined
}

function put(draft: Draft, file: DraftFile): void {
  requireNoTwin(draft, file.path)
  draft.set(fold(file.path), file)
}

/** A file, or a folder with all that is below it. */
function move(draft: Draft, from: string, to: string, expected: Expectation | undefined): void {
  const single = find(draft, from)
  if (single !== undefined) requireExpected(from, single, expected)
  const moved = single ? [single] : [...draft.values()].filter((file) => isBelow(file.path, from))
  if (moved.length === 0) throw new FileNotFoundError(from)
  for (const file of moved) draft.delete(fold(file.path))
  for (const file of moved) {
    const path = `${to}${file.path.slice(from.length)}`
    const taken = find(draft, path)
    if (taken !== undefined) throw new FileExistsError(path)
    put(draft, { path, content: file.content })
  }
}

function requireExpected(
  path: string,
  present: DraftFile | undefined,
  expected: Expectation | undefined,
): void {
  if (expected === 'any') return
  if (expected === 'absent') {
    if (present !== undefined) throw new FileExistsError(path)
  } else if (expected === undefined) {
    if (present !== undefined) throw new FileVersionRequiredError(path)
  } else if (present?.version !== expected.version) {
    throw new StaleFileError(path, present?.version)
  }
}

function conclude(tree: Tree, draft: Draft): TreePlan {
  const written = [...draft]
    .filter(([key, file]) => !isSame(tree.get(key), file))
    .map(([pathKey, { path, content }]) => ({ path, pathKey, content }))
  const removed = [...tree]
    .filter(([key, file]) => draft.get(key)?.path !== file.path)
    .map(([, file]) => file)
  requireNoClash(
    draft,
    written.filter(({ path, pathKey }) => tree.get(pathKey)?.path !== path),
  )
  const removedKeys = [...tree.keys()].filter((key) => !draft.has(key))
  return { written, removed, removedKeys, ...requireRoom(draft) }
}

function isSame(current: FileVersion | undefined, { path, content }: DraftFile): boolean {
  return (
    current?.path === path && current.sha256 === content.sha256 && current.mediaType === content.mediaType
  )
}
