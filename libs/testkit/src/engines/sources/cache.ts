import { execFile } from 'node:child_process'
import { access } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const script = fileURLToPath(new URL('make-once.sh', import.meta.url))

/**
 * The folder of this name in the user's cache. When it is not there yet, the command makes it, with an empty
 * folder as its last argument; of several that ask at once, one makes it.
 */
export async function cached(name: string, command: string[]): Promise<string> {
  const folder = join(cacheDirectory(), 'engines', name)
  if (await exists(folder)) return folder
  await run('/bin/sh', [script, folder, ...command], { maxBuffer: 64 * 1024 * 1024 })
  return folder
}

const cacheDirectory = () => join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'sandkeep')

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )
