import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EngineError } from '../engine.ts'
import { cached } from './cache.ts'

const builds = fileURLToPath(new URL('../builds', import.meta.url))

/**
 * The folder that `builds/NAME/build.sh` makes from locked sources, kept in the cache until a file beside that
 * script changes. Throws an `EngineError` where it cannot be built.
 */
export async function built(name: string): Promise<string> {
  const directory = join(builds, name)
  const hash = createHash('sha256')
  for (const file of (await readdir(directory)).sort()) {
    hash.update(`${file}\n`).update(await readFile(join(directory, file)))
  }
  const version = hash.digest('hex').slice(0, 8)
  try {
    return await cached(`${name}-${version}`, ['/bin/sh', join(directory, 'build.sh')])
  } catch (error) {
    throw new EngineError(`${name} cannot be built on this machine`, error)
  }
}
