import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EngineError } from '../engine.ts'
import { cached } from './cache.ts'
import type { Source } from './installed.ts'

const script = fileURLToPath(new URL('debian-root.sh', import.meta.url))

/** What every root needs besides its servers: their start scripts and the ways into the root call these. */
const base = [
  'base-files',
  'coreutils',
  'dash',
  'findutils',
  'grep',
  'libc-bin',
  'mount',
  'sed',
  'util-linux',
]

export type Release = 'bookworm' | 'trixie'

/** The server of a package, whose program the function finds in the root. */
export const debianPackage =
  (release: Release, name: string, program: (root: string) => Promise<string> | string): Source =>
  async () => {
    const root = await debianRoot(release, name)
    const version = await versionIn(root, name)
    return { root, program: await program(root), version, from: `package of Debian ${release}` }
  }

/**
 * The folder with a package of a Debian release and all it needs, made when it is not in the cache yet (a minute
 * at most, 100 MB to fetch). Needs apt and dpkg, no root; throws an `EngineError` where it cannot be had.
 */
async function debianRoot(release: Release, name: string): Promise<string> {
  const packages = [...base, name]
  const recipe = `${packages.join()}\n${await readFile(script, 'utf8')}`
  const version = createHash('sha256').update(recipe).digest('hex').slice(0, 8)
  try {
    return await cached(`debian-${release}-${name}-${version}`, ['/bin/sh', script, release, ...packages])
  } catch (error) {
    throw new EngineError(
      `the packages of Debian ${release} cannot be had on this machine (it takes apt, dpkg, flock and a reachable ` +
        'mirror, of DEBIAN_MIRROR if that is set)',
      error,
    )
  }
}

/** The upstream version of a package in a root: 7.0.15 of 5:7.0.15-1~deb12u5. */
async function versionIn(root: string, name: string): Promise<string> {
  const packages = await readFile(join(root, 'packages'), 'utf8')
  const version = new RegExp(`^${name}_(?:\\d+%3a)?([^-_+~]+)`, 'm').exec(packages)?.[1]
  return version ?? 'of unknown version'
}
