import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { EngineError } from './engine.ts'

const run = promisify(execFile)
const script = fileURLToPath(new URL('debian-root.sh', import.meta.url))

/** What every root needs besides its servers: their start scripts call these. */
const base = ['base-files', 'coreutils', 'dash', 'findutils', 'grep', 'libc-bin', 'sed']
const servers = {
  bookworm: ['rabbitmq-server', 'redis-server'],
  trixie: ['rabbitmq-server'],
}

export type Release = keyof typeof servers
export const releases: readonly Release[] = ['bookworm', 'trixie']

/**
 * The folder with the servers of a Debian release, made from its packages when it is not in the cache yet
 * (a minute at most, 130 MB to fetch). Needs apt and dpkg, no root; throws an `EngineError` where it cannot be had.
 */
export async function debianRoot(release: Release): Promise<string> {
  const packages = [...base, ...servers[release]]
  const version = createHash('sha256').update(packages.join()).digest('hex').slice(0, 8)
  const root = join(cacheDirectory(), 'engines', `debian-${release}-${version}`)
  if (await exists(root)) return root
  try {
    await run('/bin/sh', [script, release, root, ...packages], { maxBuffer: 16 * 1024 * 1024 })
    return root
  } catch (error) {
    throw new EngineError(
      `the packages of Debian ${release} cannot be had on this machine (it takes apt, dpkg, flock and a reachable ` +
        'mirror, of DEBIAN_MIRROR if that is set; or name a running engine by SANDKEEP_TEST_REDIS_URL and ' +
        'SANDKEEP_TEST_RABBITMQ_URL)',
      error,
    )
  }
}

const cacheDirectory = () => join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'sandkeep')

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )
