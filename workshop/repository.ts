import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

export const root = join(import.meta.dirname, '..')

const run = promisify(execFile)

/** Every file that is, or would be, in git: relative paths, in order. */
export async function listFiles(folder = root): Promise<string[]> {
  const arguments_ = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate']
  const { stdout } = await run('git', arguments_, { cwd: folder, maxBuffer: 64 * 1024 * 1024 })
  return stdout.split('\0').filter(Boolean).sort()
}

/** The names of the folders under services/. */
export async function listServices(folder = root): Promise<string[]> {
  const entries = await readdir(join(folder, 'services'), { withFileTypes: true })
  return entries.filter((it) => it.isDirectory()).map((it) => it.name)
}
