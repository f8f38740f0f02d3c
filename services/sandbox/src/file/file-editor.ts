import type { Collection } from '@sandkeep/documents'
import type { Database } from '@sandkeep/postgres'
import type { Clock } from '../clock.ts'
import { requireLocked, requireVersion } from '../sandbox/sandbox-access.ts'
import { requireActive } from '../sandbox/sandbox-lifecycle.ts'
import type { Transact } from '../transact.ts'
import type { ContentStore, StagedContent } from './content-store.ts'
import { writeDocuments } from './document-writer.ts'
import type { Expectation } from './file.ts'
import type { FileDocument } from './file-document.ts'
import { readTree } from './file-store.ts'
import { planChanges, type Tree, type TreeChange, toTree } from './tree.ts'
import { type CommittedTree, commitTree } from './tree-commit.ts'

export interface FileDependencies {
  db: Database
  files: Collection<FileDocument>
  contents: ContentStore
  clock: Clock
}

/** A wanted change of the tree. What a put writes is staged: in no document yet. */
export type Edit =
  | { kind: 'put'; path: string; mediaType: string; content: StagedContent; expected?: Expectation }
  | { kind: 'delete'; path: string; expected?: Expectation }
  | { kind: 'move'; from: string; to: string; expected?: Expectation }

export interface Editing<R> {
  sandboxId: string
  /** The version of the sandbox that the caller saw, if that matters. */
  version?: number | undefined
  actorId: string
  edits: readonly Edit[]
  transact: Transact<CommittedTree, R>
  /** The tree that was read after the sandbox had this version, so that it need not be read again. */
  seen?: SeenTree | undefined
}

export interface SeenTree {
  version: number
  tree: Tree
}

type Put = Extract<Edit, { kind: 'put' }>

/**
 * Makes all the edits or none: documents first, which nothing refers to yet, then one transaction that moves the
 * tree to them.
 */
export async function editFiles<R>(
  dependencies: FileDependencies,
  { sandboxId, version, actorId, edits, transact, seen }: Editing<R>,
): Promise<R> {
  const changes = await withDocuments(dependencies, sandboxId, actorId, edits)
  return transact(async (tx) => {
    const sandbox = await requireLocked(tx, sandboxId)
    requireActive(sandbox, 'be edited')
    if (version !== undefined) requireVersion(sandbox, version)
    // Whatever changes the tree changes the version.
    const tree = seen?.version === sandbox.version ? seen.tree : toTree(await readTree(tx, sandboxId))
    const plan = planChanges(tree, changes)
    return commitTree(tx, { sandbox, plan, actorId, now: dependencies.clock.now() })
  })
}

async function withDocuments(
  { db, files, clock }: FileDependencies,
  sandboxId: string,
  actorId: string,
  edits: readonly Edit[],
): Promise<TreeChange[]> {
  const puts = edits.filter(isPut)
  const contents = await writeDocuments(db, files, puts, { sandboxId, createdBy: actorId, now: clock.now() })
  const contentOf = new Map(puts.map((put, index) => [put, contents[index]]))
  return edits.flatMap((edit): TreeChange[] => {
    if (edit.kind !== 'put') return [edit]
    const content = contentOf.get(edit)
    return content === undefined ? [] : [{ ...edit, content }]
  })
}

function isPut(edit: Edit): edit is Put {
  return edit.kind === 'put'
}
