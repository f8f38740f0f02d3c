import type { Readable } from 'node:stream'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { requireActive } from '../sandbox/sandbox-lifecycle.ts'
import type { Transact } from '../transact.ts'
import type { Expectation, FileContent, FileVersion } from './file.ts'
import { type Edit, editFiles, type FileDependencies } from './file-editor.ts'
import { FileNotFoundError } from './file-errors.ts'
import { fold } from './file-path.ts'
import { findFile, findVersion, listVersions, readTree } from './file-store.ts'
import { planChanges, type TreeChange, toTree } from './tree.ts'
import type { CommittedTree } from './tree-commit.ts'

export interface FileWrite {
  path: string
  mediaType: string
  body: Readable
  expected?: Expectation
}

export type FileService = ReturnType<typeof createFileService>

/** Bytes not taken in yet: enough to learn whether they would be refused. */
const unread: FileContent = {
  sizeBytes: 0,
  sha256: '',
  mediaType: '',
  encoding: 'binary',
  documentId: '',
  objectKey: null,
}

export function createFileService(dependencies: FileDependencies) {
  const { db, contents } = dependencies

  const find = async (sandbox: Sandbox, path: string, version?: number): Promise<FileVersion> => {
    const file =
      version === undefined
        ? await findFile(db, sandbox.id, path, fold(path))
        : await findVersion(db, sandbox.id, path, version)
    if (file === null) throw new FileNotFoundError(path, version)
    return file
  }

  const edit = <R>(
    sandbox: Sandbox,
    actorId: string,
    edits: readonly Edit[],
    transact: Transact<CommittedTree, R>,
    version?: number,
  ): Promise<R> => editFiles(dependencies, { sandboxId: sandbox.id, version, actorId, edits, transact })

  return {
    find,
    edit,
    stage: contents.stage,
    tree: (sandbox: Sandbox) => readTree(db, sandbox.id),
    open: (file: FileVersion) => contents.open(file),
    versions: (sandbox: Sandbox, path: string, page: { before?: number | undefined; limit: number }) =>
      listVersions(db, { sandboxId: sandbox.id, path }, page),

    /** Takes the bytes in only when nothing speaks against them; equal bytes change nothing. */
    async put(
      sandbox: Sandbox,
      actorId: string,
      { body, ...write }: FileWrite,
    ): Promise<{ sandbox: Sandbox; file: FileVersion; created: boolean }> {
      requireActive(sandbox, 'be edited')
      const tree = toTree(await readTree(db, sandbox.id))
      const change: TreeChange = { kind: 'put', ...write, content: unread }
      planChanges(tree, [change])
      const content = await contents.stage(body)
      const current = tree.get(fold(write.path))
      if (current?.sha256 === content.sha256 && current.mediaType === write.mediaType) {
        return { sandbox, file: current, created: false }
      }
      const done = await editFiles(dependencies, {
        sandboxId: sandbox.id,
        actorId,
        edits: [{ kind: 'put', ...write, content }],
        seen: { version: sandbox.version, tree },
        transact: (work) => db.transaction(work),
      })
      const file = done.written[0] ?? (await find(sandbox, write.path))
      return { sandbox: done.sandbox, file, created: current === undefined }
    },
  }
}
