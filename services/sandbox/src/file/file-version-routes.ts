import { type App, type Cursors, createPages } from '@sandkeep/service-kit'
import { z } from 'zod'
import type { FindOwn } from '../sandbox/find-own.ts'
import { parsePath } from './file-path.ts'
import { versionsSchema } from './file-schemas.ts'
import type { FileService } from './file-service.ts'
import { toFileView } from './file-view.ts'

export interface FileVersionRouteParts {
  files: FileService
  findOwn: FindOwn
  cursors: Cursors
}

export function fileVersionRoutes(app: App, { files, findOwn, cursors }: FileVersionRouteParts): void {
  const pages = createPages(cursors, z.int())

  app.route({
    method: 'GET',
    url: '/v1/sandboxes/:id/file-versions/*',
    operation: 'listFileVersions',
    schema: versionsSchema,
    handler: async (request) => {
      const sandbox = await findOwn(request)
      const { cursor, limit } = request.query
      const path = parsePath(request.params['*'], '/path/path')
      const rows = await files.versions(sandbox, path, { before: pages.start(cursor), limit: limit + 1 })
      return pages.answer(rows, { limit, view: toFileView, placeOf: ({ version }) => version })
    },
  })
}
