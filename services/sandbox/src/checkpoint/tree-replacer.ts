import type { Tx } from '@sandkeep/postgres'
import type { Clock } from '../clock.ts'
import type { FileContent } from '../file/file.ts'
import { planReplacement, toTree } from '../file/tree.ts'
import { type CommittedTree, commitTree } from '../file/tree-commit.ts'
import type { Actor } from '../sandbox/sandbox.ts'
import { requireVersion } from '../sandbox/sandbox-access.ts'
import { requireActive } from '../sandbox/sandbox-lifecycle.ts'
import type { Transact } from '../transact.ts'
import type { Checkpoint, CheckpointReason } from './checkpoint.ts'
import type { CheckpointKeeper } from './checkpoint-keeper.ts'

export interface Replacement<R> {
  sandboxId: string
  /** The version of the sandbox that the caller saw, if that matters. */
  version?: number
  actor: Actor
  reason: CheckpointReason
  /** The files the tree is to have, read in the transaction that makes it so. */
  files: (tx: Tx) => Promise<readonly { path: string; content: FileContent }[]>
  /** Announces what the replacement was, when it changed anything. */
  announce?: (tx: Tx, done: CommittedTree) => Promise<void>
  transact: Transact<Replaced, R>
}

export interface Replaced extends CommittedTree {
  /** Holds the files as they were before: restoring it undoes the replacement. */
  undo: Checkpoint
}

export type TreeReplacer = <R>(replacement: Replacement<R>) => Promise<R>

/** Gives a sandbox other files as a whole, after a checkpoint of those it had. */
export function createTreeReplacer({
  keeper,
  clock,
}: {
  keeper: CheckpointKeeper
  clock: Clock
}): TreeReplacer {
  return ({ sandboxId, version, actor, reason, files, announce, transact }) =>
    keeper.withCapture({ sandboxId, transact }, async (tx, captured) => {
      requireActive(captured.sandbox, 'be given other files')
      if (version !== undefined) requireVersion(captured.sandbox, version)
      const { sandbox, checkpoint } = await keeper.keepOnce(tx, captured, { reason, createdBy: actor.userId })
      const plan = planReplacement(toTree(captured.files), await files(tx))
      const done = await commitTree(tx, { sandbox, plan, actorId: actor.userId, now: clock.now() })
      if (done.sandbox.version > sandbox.version) await announce?.(tx, done)
      return { ...done, undo: checkpoint }
    })
}
