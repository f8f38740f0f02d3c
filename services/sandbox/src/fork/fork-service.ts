import type { Tx } from '@sandkeep/postgres'
import { ensureAccount, lockAccount } from '../account-reference/account-store.ts'
import { requireFiles } from '../checkpoint/checkpoint-files.ts'
import type { CheckpointService } from '../checkpoint/checkpoint-service.ts'
import type { ManifestEntry } from '../checkpoint/manifest.ts'
import type { ManifestStore } from '../checkpoint/manifest-store.ts'
import type { Clock } from '../clock.ts'
import { readTree } from '../file/file-store.ts'
import { planReplacement, toTree } from '../file/tree.ts'
import { commitTree } from '../file/tree-commit.ts'
import { insertSandbox, newSandbox } from '../sandbox/create-sandbox.ts'
import { type PlaceLimits, refusePlace } from '../sandbox/place-limits.ts'
import type { Actor, Sandbox } from '../sandbox/sandbox.ts'
import { requireShared } from '../sandbox/sandbox-access.ts'
import { requireActive } from '../sandbox/sandbox-lifecycle.ts'
import type { Transact } from '../transact.ts'

interface ForkDependencies {
  checkpoints: CheckpointService
  manifests: ManifestStore
  clock: Clock
  placeLimits: PlaceLimits
}

export interface NewFork {
  name?: string | undefined
  description?: string | undefined
  /** The files of this checkpoint of the parent instead of its current ones. */
  checkpointId?: string | undefined
}

export type ForkService = ReturnType<typeof createForkService>

export function createForkService({ checkpoints, manifests, clock, placeLimits }: ForkDependencies) {
  /**
   * A sandbox of the actor's own whose versions share the parent's stored content. Nothing of it points to a row of
   * the parent, so neither can ever change or lose the other's files. The parent is held until the commit, since
   * what shares content must not be purged meanwhile.
   */
  const make = async (
    tx: Tx,
    parentId: string,
    actor: Actor,
    it: NewFork,
    entries: ManifestEntry[] | null,
  ): Promise<Sandbox> => {
    const now = clock.now()
    await ensureAccount(tx, actor)
    await lockAccount(tx, actor.userId)
    const parent = await requireShared(tx, parentId)
    requireActive(parent, 'be forked')
    const fork = forkOf(parent, actor, it, now)
    const limit = placeLimits[actor.role]
    if (!(await insertSandbox(tx, fork, actor, { limit }))) await refusePlace(tx, actor.userId, limit)
    const files =
      entries === null ? await currentFiles(tx, parentId) : await requireFiles(tx, parentId, entries)
    const plan = planReplacement(toTree([]), files)
    return (await commitTree(tx, { sandbox: fork, plan, actorId: actor.userId, now })).sandbox
  }

  return {
    async fork<R>(parent: Sandbox, actor: Actor, it: NewFork, transact: Transact<Sandbox, R>): Promise<R> {
      const { checkpointId } = it
      const checkpoint = checkpointId === undefined ? null : await checkpoints.find(parent, checkpointId)
      const entries = checkpoint === null ? null : await manifests.load(checkpoint.manifestSha256)
      return transact((tx) => make(tx, parent.id, actor, it, entries))
    },
  }
}

async function currentFiles(tx: Tx, sandboxId: string) {
  return (await readTree(tx, sandboxId)).map((file) => ({ path: file.path, content: file }))
}

function forkOf(parent: Sandbox, actor: Actor, it: NewFork, now: Date): Sandbox {
  const { type, resourceLimits, configuration, metadata } = parent
  const name = it.name ?? parent.name
  const description = it.description ?? parent.description ?? undefined
  const wanted = { name, description, type, resourceLimits, configuration, metadata }
  const fork = newSandbox({ id: actor.userId, role: actor.role }, wanted, now)
  return { ...fork, forkedFromId: parent.id, forkedFromVersion: parent.version }
}
