import { type App, etag } from '@sandkeep/service-kit'
import type { FastifyRequest } from 'fastify'
import type { Once } from '../answer-once.ts'
import type { FindOwn } from '../sandbox/find-own.ts'
import type { SandboxService } from '../sandbox/sandbox-service.ts'
import { type ReadChange, readChanges, readMove, stageChanges } from './change-reader.ts'
import { expectationOf, versionOf } from './expectation.ts'
import { changesSchema, moveSchema, treeSchema } from './file-schemas.ts'
import type { FileService } from './file-service.ts'
import { toFileView } from './file-view.ts'
import type { CommittedTree } from './tree-commit.ts'

export interface TreeRouteParts {
  sandboxes: SandboxService
  files: FileService
  findOwn: FindOwn
  once: Once
}

const maxChangesBytes = 8 * 1_048_576

type TreeRequest = FastifyRequest<{ Params: { id: string } }>

const toAnswer = ({ sandbox, written, removed }: CommittedTree) => ({
  status: 200,
  headers: { etag: etag(sandbox.version) },
  body: {
    sandboxVersion: sandbox.version,
    changed: written.map(toFileView),
    deleted: removed.map((file) => file.path),
  },
})

export function treeRoutes(app: App, { sandboxes, files, findOwn, once }: TreeRouteParts): void {
  const editOnce = (request: TreeRequest, changes: readonly ReadChange[]) =>
    once(request, toAnswer, async (transact) => {
      const seen = expectationOf({ 'if-match': request.headers['if-match'] })
      const sandbox = await findOwn(request)
      const edits = await stageChanges(changes, seen === undefined ? undefined : 'any', files.stage)
      return files.edit(sandbox, request.actor.userId, edits, transact, versionOf(seen))
    })

  app.route({
    method: 'GET',
    url: '/v1/sandboxes/:id/tree',
    operation: 'getTree',
    schema: treeSchema,
    handler: async (request, reply) => {
      const sandbox = await findOwn(request)
      await sandboxes.touch(sandbox)
      const items = await files.tree(sandbox)
      reply.header('etag', etag(sandbox.version))
      return { sandboxId: sandbox.id, sandboxVersion: sandbox.version, items: items.map(toFileView) }
    },
  })

  app.route({
    method: 'POST',
    url: '/v1/sandboxes/:id/files/move',
    operation: 'moveFile',
    schema: moveSchema,
    handler: async (request, reply) => {
      const { headers, body } = await editOnce(request, [readMove(request.body)])
      return reply.headers(headers ?? {}).send(body)
    },
  })

  app.route({
    method: 'POST',
    url: '/v1/sandboxes/:id/changes',
    operation: 'changeFiles',
    bodyLimit: maxChangesBytes,
    schema: changesSchema,
    handler: async (request, reply) => {
      const { headers, body } = await editOnce(request, readChanges(request.body.changes))
      return reply.headers(headers ?? {}).send(body)
    },
  })
}
