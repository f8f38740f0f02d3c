import { type FileContent, fileLimits } from './file.ts'
import { PathTakenError, QuotaExceededError } from './file-errors.ts'
import { fold, foldersOf } from './file-path.ts'

export interface DraftFile {
  path: string
  content: FileContent
  /** The version the file has in the tree that is being changed; absent once it was changed. */
  version?: number
}

export type Draft = Map<string, DraftFile>

export function requireNoTwin(draft: Draft, path: string): void {
  const other = draft.get(fold(path))
  if (other !== undefined && other.path !== path) throw new PathTakenError(path, other.path, 'twin')
}

/** A written file is below no other file, is no folder, and spells its folders as the others do. */
export function requireNoClash(draft: Draft, written: readonly { path: string; pathKey: string }[]): void {
  if (written.length === 0) return
  const folders = foldersByKey(draft)
  for (const { path, pathKey } of written) {
    const inside = folders.get(pathKey)
    if (inside !== undefined) throw new PathTakenError(path, inside.file, 'folder')
    for (const folder of foldersOf(path)) requireFolder(draft, folders, path, folder)
  }
}

/** How much the tree comes to; refused above the limits. */
export function requireRoom(draft: Draft): { fileCount: number; totalBytes: number } {
  const totalBytes = draft.values().reduce((sum, file) => sum + file.content.sizeBytes, 0)
  if (draft.size > fileLimits.maxFiles) throw new QuotaExceededError('files', fileLimits.maxFiles)
  if (totalBytes > fileLimits.maxTotalBytes) throw new QuotaExceededError('bytes', fileLimits.maxTotalBytes)
  return { fileCount: draft.size, totalBytes }
}

interface Folder {
  spelling: string
  /** A file below it, for the message. */
  file: string
}

/** The first file of a folder decides its spelling; those that were there before come first. */
function foldersByKey(draft: Draft): Map<string, Folder> {
  const folders = new Map<string, Folder>()
  for (const [pathKey, { path }] of draft) {
    const spellings = foldersOf(path)
    for (const [index, key] of foldersOf(pathKey).entries()) {
      if (!folders.has(key)) folders.set(key, { spelling: spellings[index] ?? key, file: path })
    }
  }
  return folders
}

function requireFolder(draft: Draft, folders: Map<string, Folder>, path: string, folder: string): void {
  const key = fold(folder)
  const file = draft.get(key)
  if (file !== undefined) throw new PathTakenError(path, file.path, 'file')
  const known = folders.get(key)
  if (known !== undefined && known.spelling !== folder) throw new PathTakenError(path, known.file, 'twin')
}
