import { defineAuthorization } from '@sandkeep/service-kit'

const ownOrAdmin = { student: 'own', instructor: 'own', admin: 'any' } as const

/** Who may call what, and on whose sandboxes. Routes that are not here are for services, and say so. */
export const authorization = defineAuthorization({
  listSandboxes: ownOrAdmin,
  createSandbox: ownOrAdmin,
  getSandbox: ownOrAdmin,
  updateSandbox: ownOrAdmin,
  deleteSandbox: ownOrAdmin,
  suspendSandbox: ownOrAdmin,
  resumeSandbox: ownOrAdmin,
  extendSandbox: ownOrAdmin,
  getTree: ownOrAdmin,
  getFile: ownOrAdmin,
  putFile: ownOrAdmin,
  deleteFile: ownOrAdmin,
  listFileVersions: ownOrAdmin,
  createFileLink: ownOrAdmin,
  moveFile: ownOrAdmin,
  changeFiles: ownOrAdmin,
  listCheckpoints: ownOrAdmin,
  createCheckpoint: ownOrAdmin,
  getCheckpoint: ownOrAdmin,
  updateCheckpoint: ownOrAdmin,
  deleteCheckpoint: ownOrAdmin,
  diffSandbox: ownOrAdmin,
  restoreSandbox: ownOrAdmin,
  forkSandbox: ownOrAdmin,
  exportSandbox: ownOrAdmin,
  importSandbox: ownOrAdmin,
})
