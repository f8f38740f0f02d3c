import { fileChanged, fileDeleted } from '@sandkeep/contracts'
import { outbox } from '@sandkeep/messaging'
import type { Tx } from '@sandkeep/postgres'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { about } from '../sandbox/sandbox-events.ts'
import type { FileVersion } from './file.ts'

const place = (sandbox: Sandbox, file: FileVersion) => ({
  sandboxId: sandbox.id,
  ownerId: sandbox.ownerId,
  path: file.path,
})

export async function announceFiles(
  tx: Tx,
  sandbox: Sandbox,
  { written, removed }: { written: readonly FileVersion[]; removed: readonly FileVersion[] },
): Promise<void> {
  for (const file of removed) await outbox.add(tx, fileDeleted, about(sandbox, place(sandbox, file)))
  for (const file of written) {
    const { version, sha256 } = file
    const data = { ...place(sandbox, file), version, sha256, sizeBytes: BigInt(file.sizeBytes) }
    await outbox.add(tx, fileChanged, about(sandbox, data))
  }
}
