import { etag } from '@sandkeep/service-kit'
import { z } from 'zod'
import { sandboxView, toSandboxView } from '../sandbox/sandbox-view.ts'
import { checkpointView, toCheckpointView } from './checkpoint-view.ts'
import type { FileDiff } from './diff-service.ts'
import type { Replaced } from './tree-replacer.ts'

/** What a restore or an import came to. */
export const replacedView = z
  .object({
    sandbox: sandboxView,
    changedCount: z.int().describe('Files that were written'),
    deletedCount: z.int().describe('Files that are gone'),
    undo: checkpointView.describe('The files as they were before: restoring it undoes this'),
  })
  .meta({ id: 'Replaced' })

export const toReplacedAnswer = ({ sandbox, written, removed, undo }: Replaced) => ({
  status: 200,
  headers: { etag: etag(sandbox.version) },
  body: {
    sandbox: toSandboxView(sandbox),
    changedCount: written.length,
    deletedCount: removed.length,
    undo: toCheckpointView(undo),
  },
})

const side = z.union([z.literal('working'), z.uuid()])

const diffFile = z.object({ path: z.string(), version: z.int(), sizeBytes: z.int(), sha256: z.string() })

const fileDiffView = z
  .object({
    path: z.string(),
    change: z.enum(['added', 'removed', 'modified', 'moved']),
    from: diffFile.optional(),
    to: diffFile.optional(),
    patch: z.string().optional().describe('A unified diff'),
    omitted: z.enum(['binary', 'too_large']).optional().describe('Why there is no patch'),
  })
  .meta({ id: 'FileDiff' })

export const diffSchema = {
  description: 'What leads from one state of the files to another.',
  params: z.object({ id: z.uuid() }),
  querystring: z.strictObject({
    from: side.describe('A checkpoint’s id, or `working` for the files as they are now'),
    to: side.default('working'),
  }),
  response: { 200: z.object({ items: z.array(fileDiffView) }).meta({ id: 'Diff' }) },
}

export function toFileDiffView(it: FileDiff): z.infer<typeof fileDiffView> {
  return {
    path: it.path,
    change: it.change,
    ...('from' in it ? { from: it.from } : {}),
    ...('to' in it ? { to: it.to } : {}),
    ...(it.patch === undefined ? {} : { patch: it.patch }),
    ...(it.omitted === undefined ? {} : { omitted: it.omitted }),
  }
}
