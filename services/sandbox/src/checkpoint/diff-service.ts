import type { Database } from '@sandkeep/postgres'
import { Semaphore } from '@sandkeep/service-kit'
import { createTwoFilesPatch } from 'diff'
import type { ContentStore } from '../file/content-store.ts'
import type { FileVersion } from '../file/file.ts'
import { readTree } from '../file/file-store.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { requireFiles } from './checkpoint-files.ts'
import type { CheckpointService } from './checkpoint-service.ts'
import type { ManifestStore } from './manifest-store.ts'
import { diffTrees, type FileChange } from './tree-diff.ts'

interface DiffDependencies {
  db: Database
  checkpoints: CheckpointService
  manifests: ManifestStore
  contents: ContentStore
}

/** The files of a checkpoint, or what is in the sandbox now. */
export type DiffSide = { checkpointId: string } | 'working'

/** Why a changed file has no patch: its bytes are no text, or the patch would cost too much. */
export type Omission = 'binary' | 'too_large'

interface PatchBody {
  patch?: string
  omitted?: Omission
}

export type FileDiff = FileChange<FileVersion> & PatchBody

const maxDiffBytes = 262_144
const maxAnswerBytes = 1_048_576
const contextLines = 3
const longestPatchMs = 200
const longestAnswerMs = 2_000

export type DiffService = ReturnType<typeof createDiffService>

export function createDiffService({ db, checkpoints, manifests, contents }: DiffDependencies) {
  // Comparing texts holds the process up; one after the other leaves room for everybody else between.
  const comparisons = new Semaphore({ name: 'diffs', slots: 1, maxWaiting: 32, maxWaitMs: 5_000 })

  const filesOf = async (sandbox: Sandbox, side: DiffSide): Promise<FileVersion[]> => {
    if (side === 'working') return readTree(db, sandbox.id)
    const { manifestSha256 } = await checkpoints.find(sandbox, side.checkpointId)
    const files = await requireFiles(db, sandbox.id, await manifests.load(manifestSha256))
    return files.map(({ content }) => content)
  }

  const textOf = (file: FileVersion | undefined): Promise<string> | string =>
    file === undefined ? '' : contents.readText(file)

  const patchOf = async (change: FileChange<FileVersion>): Promise<PatchBody> => {
    const from = 'from' in change ? change.from : undefined
    const to = 'to' in change ? change.to : undefined
    const sides = [from, to].filter((file) => file !== undefined)
    if (sides.some((file) => file.encoding === 'binary')) return { omitted: 'binary' }
    if (sides.some((file) => file.sizeBytes > maxDiffBytes)) return { omitted: 'too_large' }
    const [before, after] = await Promise.all([textOf(from), textOf(to)])
    const names = [from ? `a/${from.path}` : '/dev/null', to ? `b/${to.path}` : '/dev/null'] as const
    const options = { context: contextLines, timeout: longestPatchMs }
    const patch = createTwoFilesPatch(...names, before, after, undefined, undefined, options)
    return patch === undefined ? { omitted: 'too_large' } : { patch }
  }

  return {
    /** Unified patches of what differs, by path. The answer stays small: what does not fit is named without its patch. */
    async diff(sandbox: Sandbox, from: DiffSide, to: DiffSide): Promise<FileDiff[]> {
      const changes = diffTrees(await filesOf(sandbox, from), await filesOf(sandbox, to))
      const diffs: FileDiff[] = []
      const endsAt = performance.now() + longestAnswerMs
      let sizeBytes = 0
      for (const change of changes) {
        const isFull = sizeBytes >= maxAnswerBytes || performance.now() > endsAt
        const body: PatchBody = isFull
          ? { omitted: 'too_large' }
          : await comparisons.run(() => patchOf(change))
        sizeBytes += body.patch?.length ?? 0
        diffs.push({ ...change, ...body })
      }
      return diffs
    },
  }
}
