import { newId, type Tx } from '@sandkeep/postgres'
import { expiryAfterEdit } from '../expiry/expiry.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { announceUpdated } from '../sandbox/sandbox-events.ts'
import { withExpiry } from '../sandbox/sandbox-lifecycle.ts'
import { updateSandbox } from '../sandbox/sandbox-store.ts'
import { type FileVersion, fileLimits } from './file.ts'
import { QuotaExceededError } from './file-errors.ts'
import { announceFiles } from './file-events.ts'
import { type NewFile, newestVersions, saveFiles } from './file-store.ts'
import type { TreePlan } from './tree.ts'

/** Far below the sweeper's grace. */
const longestWriteMs = 3_600_000

export interface TreeCommit {
  /** Locked by the transaction. */
  sandbox: Sandbox
  plan: TreePlan
  actorId: string
  now: Date
}

export interface CommittedTree {
  sandbox: Sandbox
  written: FileVersion[]
  removed: FileVersion[]
}

/**
 * Makes a plan true: versions, tree, quota, expiry, the sandbox's version and the events of all that, in the
 * caller's transaction. A plan that comes to nothing changes nothing.
 */
export async function commitTree(tx: Tx, commit: TreeCommit): Promise<CommittedTree> {
  const { sandbox, plan, now } = commit
  if (isEmpty(plan)) return { sandbox, written: [], removed: [] }
  const written = await numberFiles(tx, commit)
  await saveFiles(tx, sandbox.id, { written, removedKeys: plan.removedKeys })
  const changed = await updateSandbox(tx, afterEdit(sandbox, plan, now))
  await announceFiles(tx, changed, { written, removed: plan.removed })
  if (changed.expiresAt.getTime() !== sandbox.expiresAt.getTime()) await announceUpdated(tx, changed)
  return { sandbox: changed, written, removed: plan.removed }
}

function isEmpty(plan: TreePlan): boolean {
  return plan.written.length === 0 && plan.removed.length === 0
}

async function numberFiles(tx: Tx, { sandbox, plan, actorId, now }: TreeCommit): Promise<NewFile[]> {
  const newest = await newestVersions(
    tx,
    sandbox.id,
    plan.written.map((file) => file.path),
  )
  return plan.written.map(({ path, pathKey, content }) => {
    const { fresh, ...stored } = content
    if (fresh !== undefined) requireYoung(fresh.writtenAt, now)
    // The document's own number, unless others have passed it since.
    const version = Math.max(fresh?.version ?? 0, (newest.get(path) ?? 0) + 1)
    return {
      ...stored,
      id: newId(),
      path,
      pathKey,
      version,
      createdAt: now,
      createdBy: actorId,
      verifiedAt: null,
    }
  })
}

/** What was written long ago may be swept at any moment, so nothing may begin to refer to it. */
function requireYoung(writtenAt: Date, now: Date): void {
  if (now.getTime() - writtenAt.getTime() > longestWriteMs)
    throw new Error('a write took too long to be kept')
}

function afterEdit(sandbox: Sandbox, plan: TreePlan, now: Date): Sandbox {
  const historyBytes = sandbox.historyBytes + storedBytes(plan)
  if (historyBytes > fileLimits.maxHistoryBytes) {
    throw new QuotaExceededError('bytes of earlier versions', fileLimits.maxHistoryBytes)
  }
  const { fileCount, totalBytes } = plan
  const edited = { ...sandbox, fileCount, totalBytes, historyBytes }
  const expiresAt = expiryAfterEdit(sandbox, now)
  return expiresAt === null ? edited : withExpiry(edited, expiresAt)
}

/** What a restore or a move writes is stored already, however often it is done. */
const storedBytes = ({ written }: TreePlan): number =>
  written.reduce((sum, { content }) => sum + (content.fresh === undefined ? 0 : content.sizeBytes), 0)
