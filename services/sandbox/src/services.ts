import type { Documents } from '@sandkeep/documents'
import type { Objects } from '@sandkeep/objects'
import type { Database } from '@sandkeep/postgres'
import type { Logger } from 'pino'
import type { AccountDirectory } from './account-reference/account-directory.ts'
import { createReconciler } from './account-reference/reconciler.ts'
import { createArchiveService } from './archive/archive-service.ts'
import { createCheckpointKeeper } from './checkpoint/checkpoint-keeper.ts'
import { createCheckpointService } from './checkpoint/checkpoint-service.ts'
import { createDiffService } from './checkpoint/diff-service.ts'
import { createManifestStore } from './checkpoint/manifest-store.ts'
import { createRestoreService } from './checkpoint/restore-service.ts'
import { createTreeReplacer } from './checkpoint/tree-replacer.ts'
import type { Clock } from './clock.ts'
import { createExpiryService } from './expiry/expiry-service.ts'
import { createContentStore } from './file/content-store.ts'
import { createContentSweeper } from './file/content-sweeper.ts'
import { sandboxFiles } from './file/file-document.ts'
import { createFileService } from './file/file-service.ts'
import { createHistoryPruner } from './file/history-pruner.ts'
import { createForkService } from './fork/fork-service.ts'
import { createFileLinks } from './link/file-links.ts'
import { createCreationService } from './sandbox/creation-service.ts'
import type { PlaceLimits } from './sandbox/place-limits.ts'
import { createSandboxService } from './sandbox/sandbox-service.ts'

export interface Stores {
  db: Database
  documents: Documents
  objects: Objects
  identity: AccountDirectory
  clock: Clock
  log: Logger
  placeLimits: PlaceLimits
}

export type Services = Awaited<ReturnType<typeof createServices>>

/** All that the service can do, in dependency order; routes, consumers and schedules call it. */
export async function createServices({ db, documents, objects, identity, clock, log, placeLimits }: Stores) {
  const files = await documents.collection(sandboxFiles)
  const contents = createContentStore(files, objects)
  const manifests = createManifestStore(objects)
  const keeper = createCheckpointKeeper({ db, contents, manifests, clock })
  const checkpoints = createCheckpointService({ db, keeper })
  const replace = createTreeReplacer({ keeper, clock })
  const fileDependencies = { db, files, contents, clock }
  return {
    sandboxes: createSandboxService({ db, clock, placeLimits }),
    creations: createCreationService({ db, identity, clock, placeLimits }),
    files: createFileService(fileDependencies),
    fileLinks: createFileLinks(objects, contents),
    checkpoints,
    diffs: createDiffService({ db, checkpoints, manifests, contents }),
    restores: createRestoreService({ checkpoints, manifests, replace }),
    forks: createForkService({ checkpoints, manifests, clock, placeLimits }),
    archives: createArchiveService(fileDependencies, replace),
    expiry: createExpiryService({ db, keeper, clock, log }),
    pruner: createHistoryPruner({ db, clock }),
    sweeper: createContentSweeper({ db, files, objects, clock }),
    reconciler: createReconciler({ db, identity }),
  }
}
