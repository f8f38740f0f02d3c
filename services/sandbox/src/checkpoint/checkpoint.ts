export const checkpointReasons = ['manual', 'before-restore', 'before-import', 'before-expiry'] as const
export type CheckpointReason = (typeof checkpointReasons)[number]

/** The files of a sandbox as they were at one of its versions. Only its name and pin ever change. */
export interface Checkpoint {
  id: string
  sandboxId: string
  /** The version of the sandbox whose files it holds. */
  sandboxVersion: number
  manifestKey: string
  manifestSha256: string
  fileCount: number
  totalBytes: number
  name: string | null
  reason: CheckpointReason
  pinned: boolean
  /** Of the name and the pin. */
  version: number
  createdBy: string | null
  createdAt: Date
  updatedAt: Date
}
