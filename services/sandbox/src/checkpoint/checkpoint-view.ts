import { z } from 'zod'
import { lineField } from '../text.ts'
import { type Checkpoint, checkpointReasons } from './checkpoint.ts'

const nameField = lineField(255)

export const checkpointView = z
  .object({
    id: z.uuid(),
    sandboxId: z.uuid(),
    sandboxVersion: z.int().describe('The version of the sandbox whose files it holds'),
    name: z.string().optional(),
    reason: z.enum(checkpointReasons),
    pinned: z.boolean().describe('A pinned checkpoint cannot be deleted'),
    fileCount: z.int(),
    totalBytes: z.int(),
    manifestSha256: z.string().describe('Equal for equal files'),
    createdBy: z.uuid().optional().describe('Absent where the service kept it by itself'),
    version: z.int().describe('Of its name and pin; its files never change'),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Checkpoint' })

export const newCheckpointBody = z
  .strictObject({
    name: nameField.optional(),
    pinned: z.boolean().optional().describe('True for one with a name, unless given'),
  })
  .meta({ id: 'NewCheckpoint' })

export const checkpointChangesBody = z
  .strictObject({ name: nameField.nullable().optional(), pinned: z.boolean().optional() })
  .meta({ id: 'CheckpointChanges' })

export const checkpointParams = z.object({ id: z.uuid(), checkpointId: z.uuid() })

export type CheckpointView = z.infer<typeof checkpointView>

export function toCheckpointView(it: Checkpoint): CheckpointView {
  return {
    id: it.id,
    sandboxId: it.sandboxId,
    sandboxVersion: it.sandboxVersion,
    ...(it.name === null ? {} : { name: it.name }),
    reason: it.reason,
    pinned: it.pinned,
    fileCount: it.fileCount,
    totalBytes: it.totalBytes,
    manifestSha256: it.manifestSha256,
    ...(it.createdBy === null ? {} : { createdBy: it.createdBy }),
    version: it.version,
    createdAt: it.createdAt.toISOString(),
    updatedAt: it.updatedAt.toISOString(),
  }
}
