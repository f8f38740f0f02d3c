import type { Readable } from 'node:stream'
import { Semaphore } from '@sandkeep/service-kit'
import type { Replaced, TreeReplacer } from '../checkpoint/tree-replacer.ts'
import type { FileDependencies } from '../file/file-editor.ts'
import { readTree } from '../file/file-store.ts'
import { toTree } from '../file/tree.ts'
import type { Actor, Sandbox } from '../sandbox/sandbox.ts'
import { requireVersion } from '../sandbox/sandbox-access.ts'
import { requireActive } from '../sandbox/sandbox-lifecycle.ts'
import { createIntake, type TakenFile } from './intake.ts'
import { readZip } from './read-zip.ts'
import { writeZip } from './write-zip.ts'

export type ArchiveService = ReturnType<typeof createArchiveService>

export function createArchiveService(files: FileDependencies, replace: TreeReplacer) {
  const { db, contents } = files
  // Each keeps an archive on disk meanwhile.
  const imports = new Semaphore({ name: 'imports', slots: 4, maxWaiting: 16, maxWaitMs: 10_000 })

  const takeIn = async (sandbox: Sandbox, actor: Actor, upload: Readable): Promise<TakenFile[]> => {
    const tree = toTree(await readTree(db, sandbox.id))
    const intake = createIntake(files, { sandboxId: sandbox.id, actorId: actor.userId, tree })
    for await (const { path, stream } of readZip(upload)) await intake.add(path, await contents.stage(stream))
    return intake.finish()
  }

  return {
    /** The working tree as it is now, in an order and with times that are always the same. */
    async export(sandbox: Sandbox): Promise<Readable> {
      return writeZip(await readTree(db, sandbox.id), contents.open)
    },

    /** The archive's files in place of those of the sandbox at that version, or no change at all. */
    async import(sandbox: Sandbox, actor: Actor, version: number, upload: Readable): Promise<Replaced> {
      requireActive(sandbox, 'be given other files')
      requireVersion(sandbox, version)
      const taken = await imports.run(() => takeIn(sandbox, actor, upload))
      return replace({
        sandboxId: sandbox.id,
        version,
        actor,
        reason: 'before-import',
        files: async () => taken,
        transact: (work) => db.transaction(work),
      })
    },
  }
}
