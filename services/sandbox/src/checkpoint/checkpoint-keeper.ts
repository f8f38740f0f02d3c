import { sandboxCheckpointed } from '@sandkeep/contracts'
import { outbox } from '@sandkeep/messaging'
import { type Database, newId, type Tx } from '@sandkeep/postgres'
import type { Clock } from '../clock.ts'
import type { ContentStore } from '../file/content-store.ts'
import type { FileVersion } from '../file/file.ts'
import { markVerified, readTree } from '../file/file-store.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { requireLocked } from '../sandbox/sandbox-access.ts'
import { about, sandboxState } from '../sandbox/sandbox-events.ts'
import { updateSandbox } from '../sandbox/sandbox-store.ts'
import type { Transact } from '../transact.ts'
import type { Checkpoint, CheckpointReason } from './checkpoint.ts'
import { SandboxBusyError } from './checkpoint-errors.ts'
import { findNewestCheckpoint, insertCheckpoint } from './checkpoint-store.ts'
import type { ManifestStore } from './manifest-store.ts'

export interface KeeperDependencies {
  db: Database
  contents: ContentStore
  manifests: ManifestStore
  clock: Clock
}

/** The files at one version of a sandbox, stored as a manifest and read back: ready to be kept as a checkpoint. */
export interface Capture {
  sandbox: Sandbox
  files: FileVersion[]
  manifest: { key: string; sha256: string }
}

export interface WithCapture<T, R> {
  sandboxId: string
  transact: Transact<T, R>
  /** Locks what has to be locked before a sandbox. */
  first?: (tx: Tx) => Promise<unknown>
}

export interface Keeping {
  reason: CheckpointReason
  name?: string | null | undefined
  /** Without it, a checkpoint with a name is pinned. */
  pinned?: boolean | undefined
  createdBy: string | null
}

export interface Kept {
  sandbox: Sandbox
  checkpoint: Checkpoint
}

const attempts = 5

/** The sandbox changed between the capture and the transaction. */
class OvertakenError extends Error {
  override readonly name = 'OvertakenError'
}

export type CheckpointKeeper = ReturnType<typeof createCheckpointKeeper>

export function createCheckpointKeeper({ db, contents, manifests, clock }: KeeperDependencies) {
  /** Every version is read back once; after that its bytes can only change by damage. */
  const capture = async (sandboxId: string): Promise<Capture> => {
    const { sandbox, files } = await db.transaction(async (tx) => ({
      sandbox: await requireLocked(tx, sandboxId),
      files: await readTree(tx, sandboxId),
    }))
    const unverified = files.filter((file) => file.verifiedAt === null)
    await contents.verify(unverified)
    await markVerified(
      db,
      unverified.map((file) => file.id),
      clock.now(),
    )
    return { sandbox, files, manifest: await manifests.save(files) }
  }

  return {
    /** Captures and runs `work` in a transaction that finds the sandbox as it was captured. */
    async withCapture<T, R>(
      { sandboxId, transact, first }: WithCapture<T, R>,
      work: (tx: Tx, capture: Capture) => Promise<T>,
    ): Promise<R> {
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const captured = await capture(sandboxId)
        try {
          return await transact(async (tx) => {
            await first?.(tx)
            const sandbox = await requireLocked(tx, sandboxId)
            if (sandbox.version !== captured.sandbox.version) throw new OvertakenError()
            return work(tx, { ...captured, sandbox })
          })
        } catch (error) {
          if (!(error instanceof OvertakenError)) throw error
        }
      }
      throw new SandboxBusyError(sandboxId)
    },

    /** Writes the checkpoint; the sandbox's version moves with it. */
    async keep(tx: Tx, captured: Capture, keeping: Keeping): Promise<Kept> {
      const checkpoint = toCheckpoint(captured, keeping, clock.now())
      await insertCheckpoint(
        tx,
        checkpoint,
        captured.files.map((file) => file.id),
      )
      const sandbox = await updateSandbox(tx, captured.sandbox)
      await outbox.add(tx, sandboxCheckpointed, about(sandbox, checkpointState(sandbox, checkpoint)))
      return { sandbox, checkpoint }
    },

    /** As `keep`, unless the newest checkpoint holds the very same files. */
    async keepOnce(tx: Tx, captured: Capture, keeping: Keeping): Promise<Kept> {
      const newest = await findNewestCheckpoint(tx, captured.sandbox.id)
      if (newest?.manifestSha256 !== captured.manifest.sha256) return this.keep(tx, captured, keeping)
      return { sandbox: captured.sandbox, checkpoint: newest }
    },
  }
}

function checkpointState(sandbox: Sandbox, { id, sandboxVersion, createdBy }: Checkpoint) {
  return {
    sandbox: sandboxState(sandbox),
    checkpointId: id,
    checkpointVersion: sandboxVersion,
    ...(createdBy === null ? {} : { createdById: createdBy }),
  }
}

function toCheckpoint({ sandbox, manifest }: Capture, keeping: Keeping, now: Date): Checkpoint {
  const name = keeping.name ?? null
  return {
    id: newId(),
    sandboxId: sandbox.id,
    sandboxVersion: sandbox.version,
    manifestKey: manifest.key,
    manifestSha256: manifest.sha256,
    fileCount: sandbox.fileCount,
    totalBytes: sandbox.totalBytes,
    name,
    reason: keeping.reason,
    pinned: keeping.pinned ?? name !== null,
    version: 1,
    createdBy: keeping.createdBy,
    createdAt: now,
    updatedAt: now,
  }
}
