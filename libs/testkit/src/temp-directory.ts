import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new folder that goes when the stack does. Servers that run as another user may enter it, not list it. */
export async function tempDirectory(stack: AsyncDisposableStack): Promise<string> {
  const directory = await makeTempDirectory()
  stack.defer(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }))
  return directory
}

export async function makeTempDirectory(): Promise<string> {
  const directory = await mkdtemp(join(await realpath(tmpdir()), 'sandkeep-test-'))
  await chmod(directory, 0o711)
  return directory
}
