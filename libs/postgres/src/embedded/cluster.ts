import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type Account, launch } from './account.ts'
import type { Binaries } from './binaries.ts'
import type { Layout } from './layout.ts'
import { serverEnvironment } from './settings.ts'

const run = promisify(execFile)

export const superuser = 'postgres'
const builtinLocaleSince = 17

/** Makes an empty cluster. It gets its final name when it is whole, so that a crash leaves no half of one. */
export async function createCluster(
  layout: Layout,
  { directory, major }: Binaries,
  { account, durable }: { account: Account | undefined; durable: boolean },
): Promise<void> {
  await rm(layout.unfinishedCluster, { recursive: true, force: true })
  await mkdir(layout.unfinishedCluster, { mode: 0o700 })
  await writeFile(layout.password, randomBytes(24).toString('base64url'), { mode: 0o600 })
  if (account !== undefined) {
    await chown(layout.unfinishedCluster, account.uid, account.gid)
    await chown(layout.password, account.uid, account.gid)
  }
  const options = ['--pgdata', layout.unfinishedCluster, '--username', superuser, '--pwfile', layout.password]
  const args = [...options, ...clusterArguments(major), ...(durable ? [] : ['--no-sync'])]
  const it = launch(account, join(directory, 'initdb'), args, dirname(layout.cluster))
  await run(it.file, it.args, { ...it.account, cwd: '/', env: serverEnvironment() })
  await rename(layout.unfinishedCluster, layout.cluster)
}

/** How `initdb` makes every cluster, apart from where and whose. */
export const clusterArguments = (major: number): string[] => [
  '--auth=scram-sha-256',
  '--data-checksums',
  '--no-instructions',
  ...locale(major),
]

/** Text sorts by code point everywhere, while `lower()` knows all of Unicode. */
function locale(major: number): string[] {
  if (major >= builtinLocaleSince) {
    return ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
  }
  const characters = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8'
  return ['--encoding=UTF8', '--locale=C', `--lc-ctype=${characters}`]
}
