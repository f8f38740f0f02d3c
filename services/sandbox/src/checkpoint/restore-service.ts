import { sandboxRestored } from '@sandkeep/contracts'
import { outbox } from '@sandkeep/messaging'
import type { Actor, Sandbox } from '../sandbox/sandbox.ts'
import { about, sandboxState } from '../sandbox/sandbox-events.ts'
import { requireActive } from '../sandbox/sandbox-lifecycle.ts'
import type { Transact } from '../transact.ts'
import type { Checkpoint } from './checkpoint.ts'
import { requireFiles } from './checkpoint-files.ts'
import type { CheckpointService } from './checkpoint-service.ts'
import type { ManifestStore } from './manifest-store.ts'
import type { Replaced, TreeReplacer } from './tree-replacer.ts'

interface RestoreDependencies {
  checkpoints: CheckpointService
  manifests: ManifestStore
  replace: TreeReplacer
}

export type RestoreService = ReturnType<typeof createRestoreService>

export function createRestoreService({ checkpoints, manifests, replace }: RestoreDependencies) {
  return {
    /** Makes a new version that has the checkpoint's files; nothing is taken back or lost. */
    async restore<R>(
      sandbox: Sandbox,
      actor: Actor,
      checkpointId: string,
      transact: Transact<Replaced, R>,
    ): Promise<R> {
      requireActive(sandbox, 'be restored')
      const checkpoint = await checkpoints.find(sandbox, checkpointId)
      const entries = await manifests.load(checkpoint.manifestSha256)
      return replace({
        sandboxId: sandbox.id,
        actor,
        reason: 'before-restore',
        transact,
        files: (tx) => requireFiles(tx, sandbox.id, entries),
        announce: (tx, done) => outbox.add(tx, sandboxRestored, restoredEvent(done.sandbox, checkpoint)),
      })
    },
  }
}

const restoredEvent = (sandbox: Sandbox, { id, sandboxVersion }: Checkpoint) =>
  about(sandbox, { sandbox: sandboxState(sandbox), checkpointId: id, restoredVersion: sandboxVersion })
