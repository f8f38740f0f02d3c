import type { StagedContent } from '../file/content-store.ts'
import { type StagedFile, writeDocuments } from '../file/document-writer.ts'
import { type FileContent, fileLimits } from '../file/file.ts'
import type { FileDependencies } from '../file/file-editor.ts'
import { QuotaExceededError } from '../file/file-errors.ts'
import { fold } from '../file/file-path.ts'
import { mediaTypeOf } from '../file/media-type.ts'
import type { Tree } from '../file/tree.ts'

export interface TakenFile {
  path: string
  content: FileContent
}

export interface Intake {
  add(path: string, content: StagedContent): Promise<void>
  finish(): Promise<TakenFile[]>
}

/** Files whose text is in memory at once. */
const batchSize = 50

/**
 * Takes in the files of an archive with bounded memory. They are stored, but nothing refers to them yet. An archive
 * tells no media types: a file that the sandbox has keeps its own.
 */
export function createIntake(
  { db, files, clock }: FileDependencies,
  { sandboxId, actorId, tree }: { sandboxId: string; actorId: string; tree: Tree },
): Intake {
  const taken: TakenFile[] = []
  let staged: StagedFile[] = []
  let totalBytes = 0

  const flush = async () => {
    const batch = staged
    staged = []
    const writing = { sandboxId, createdBy: actorId, now: clock.now() }
    const written = await writeDocuments(db, files, batch, writing)
    taken.push(...written.map((content, index) => ({ path: batch[index]?.path ?? '', content })))
  }

  return {
    async add(path, content) {
      totalBytes += content.sizeBytes
      if (totalBytes > fileLimits.maxTotalBytes)
        throw new QuotaExceededError('bytes', fileLimits.maxTotalBytes)
      const current = tree.get(fold(path))
      const known = current?.path === path ? current.mediaType : undefined
      staged.push({ path, content, mediaType: known ?? mediaTypeOf(path, undefined) })
      if (staged.length >= batchSize) await flush()
    },
    async finish() {
      await flush()
      return taken
    },
  }
}
