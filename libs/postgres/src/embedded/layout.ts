import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What is where inside the data directory. */
export const layoutOf = (dataDirectory: string) => ({
  cluster: join(dataDirectory, 'cluster'),
  unfinishedCluster: join(dataDirectory, 'cluster.unfinished'),
  postmasterPid: join(dataDirectory, 'cluster', 'postmaster.pid'),
  password: join(dataDirectory, 'superuser-password'),
  log: join(dataDirectory, 'server.log'),
})

export type Layout = ReturnType<typeof layoutOf>

/** The major version that made the cluster; undefined when there is none yet. */
export async function clusterMajor(layout: Layout): Promise<number | undefined> {
  const version = await readFile(join(layout.cluster, 'PG_VERSION'), 'utf8').catch(() => undefined)
  return version === undefined ? undefined : Number(version)
}

export interface Postmaster {
  pid: number
  ready: boolean
}

/** What a running or killed server wrote about itself. */
export async function readPostmaster(layout: Layout): Promise<Postmaster | undefined> {
  const text = await readFile(layout.postmasterPid, 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number(lines[0])
  return pid > 0 ? { pid, ready: lines[7]?.trim() === 'ready' } : undefined
}
