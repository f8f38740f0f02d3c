import type { LinkSigner, Objects } from '@sandkeep/objects'
import type { Database } from '@sandkeep/postgres'
import { type App, createCursors, type Secret } from '@sandkeep/service-kit'
import { createOnce } from './answer-once.ts'
import { archiveRoutes } from './archive/archive-routes.ts'
import { checkpointRoutes } from './checkpoint/checkpoint-routes.ts'
import { restoreRoutes } from './checkpoint/restore-routes.ts'
import { fileRoutes } from './file/file-routes.ts'
import { fileVersionRoutes } from './file/file-version-routes.ts'
import { treeRoutes } from './file/tree-routes.ts'
import { forkRoutes } from './fork/fork-routes.ts'
import { internalRoutes } from './internal-routes.ts'
import { linkRoutes } from './link/link-routes.ts'
import { createFindOwn } from './sandbox/find-own.ts'
import { lifecycleRoutes } from './sandbox/lifecycle-routes.ts'
import { sandboxRoutes } from './sandbox/sandbox-routes.ts'
import type { Services } from './services.ts'
import { transferMs } from './transfer.ts'

export interface RouteParts {
  db: Database
  services: Services
  objects: Objects
  linkSigner: LinkSigner
  cursorSecret: Secret
}

export async function routes(app: App, parts: RouteParts): Promise<void> {
  const { db, services, objects, linkSigner, cursorSecret } = parts
  const cursors = (list: string) => createCursors(cursorSecret, list)
  const common = { ...services, db, findOwn: createFindOwn(services.sandboxes), once: createOnce(db) }
  app.server.requestTimeout = transferMs
  sandboxRoutes(app, { ...common, cursors: cursors('sandboxes') })
  lifecycleRoutes(app, common)
  treeRoutes(app, common)
  await app.register((files) => fileRoutes(files, common))
  linkRoutes(app, { ...common, objects, linkSigner })
  fileVersionRoutes(app, { ...common, cursors: cursors('file versions') })
  checkpointRoutes(app, { ...common, cursors: cursors('checkpoints') })
  restoreRoutes(app, common)
  forkRoutes(app, common)
  await app.register((archives) => archiveRoutes(archives, common))
  internalRoutes(app, db)
}
