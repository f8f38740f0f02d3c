import type { Database } from '@sandkeep/postgres'
import type { Actor, Sandbox } from '../sandbox/sandbox.ts'
import { requireActive } from '../sandbox/sandbox-lifecycle.ts'
import type { Transact } from '../transact.ts'
import type { Checkpoint } from './checkpoint.ts'
import {
  CheckpointNotFoundError,
  CheckpointPinnedError,
  StaleCheckpointError,
  TooManyCheckpointsError,
} from './checkpoint-errors.ts'
import type { CheckpointKeeper, Kept } from './checkpoint-keeper.ts'
import {
  countCheckpoints,
  deleteCheckpoint,
  findCheckpoint,
  labelCheckpoint,
  listCheckpoints,
} from './checkpoint-store.ts'

/** Those a person makes; what the service keeps before a restore or an expiry is never refused. */
const maxCheckpoints = 500

export interface Label {
  name?: string | null | undefined
  pinned?: boolean | undefined
}

export type CheckpointService = ReturnType<typeof createCheckpointService>

export function createCheckpointService({ db, keeper }: { db: Database; keeper: CheckpointKeeper }) {
  const find = async (sandbox: Sandbox, id: string): Promise<Checkpoint> => {
    const checkpoint = await findCheckpoint(db, sandbox.id, id)
    if (checkpoint === null) throw new CheckpointNotFoundError(id)
    return checkpoint
  }

  return {
    find,
    list: (sandbox: Sandbox, page: { before?: number | undefined; limit: number }) =>
      listCheckpoints(db, sandbox.id, page),

    make: <R>(sandboxId: string, actor: Actor, label: Label, transact: Transact<Kept, R>): Promise<R> =>
      keeper.withCapture({ sandboxId, transact }, async (tx, captured) => {
        requireActive(captured.sandbox, 'be checkpointed')
        if ((await countCheckpoints(tx, sandboxId)) >= maxCheckpoints)
          throw new TooManyCheckpointsError(maxCheckpoints)
        return keeper.keep(tx, captured, { ...label, reason: 'manual', createdBy: actor.userId })
      }),

    /** Its files stay what they are in the tree and in other checkpoints; what only it held is swept. */
    async remove(sandbox: Sandbox, id: string, version: number): Promise<void> {
      const checkpoint = await find(sandbox, id)
      if (checkpoint.pinned) throw new CheckpointPinnedError(id)
      if (!(await deleteCheckpoint(db, { ...checkpoint, version }))) throw new StaleCheckpointError(id)
    },

    /** A checkpoint with a name is pinned, unless told otherwise. */
    async label(sandbox: Sandbox, id: string, version: number, label: Label): Promise<Checkpoint> {
      const checkpoint = await find(sandbox, id)
      const name = label.name === undefined ? checkpoint.name : label.name
      const pinned = label.pinned ?? (label.name == null ? checkpoint.pinned : true)
      const labelled = await labelCheckpoint(db, { ...checkpoint, version, name, pinned })
      if (labelled === null) throw new StaleCheckpointError(id)
      return labelled
    },
  }
}
