import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { EngineError } from './engine.ts'
import { asRoot } from './namespace.ts'

/** A small file system that only the engine sees. It goes when it is disposed, or when this process ends. */
export interface Disk extends AsyncDisposable {
  /** The process that holds it mounted. */
  readonly pid: number
  /** Its folder, as this process reaches it. */
  readonly data: string
}

const mount = 'mount -t tmpfs -o size="$1",mode=0711 tmpfs "$0"; echo mounted; read -r _'

/** Mounts a disk of so many MiB over the folder. */
export async function openDisk(folder: string, mib: number): Promise<Disk> {
  const command = [...asRoot, '--mount', '--', '/bin/sh', '-euc', mount, folder, `${mib}m`]
  const holder = spawn('unshare', command, { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
  try {
    await once(holder.stdout, 'data', { signal: AbortSignal.timeout(10_000) })
  } catch (error) {
    throw new EngineError('this machine lets no disk be mounted for an engine', error)
  }
  holder.stdout.destroy()
  holder.unref()
  const { pid = 0 } = holder
  return {
    pid,
    data: `/proc/${pid}/root${folder}`,
    async [Symbol.asyncDispose]() {
      holder.ref()
      const exit = once(holder, 'exit')
      holder.stdin.end()
      await exit
    },
  }
}

const blockSizes = [1024 * 1024, 4096]
const filler = (data: string) => join(data, 'filler')

/** Writes until nothing more fits. */
export async function fillDisk(data: string): Promise<void> {
  await using file = await open(filler(data), 'a')
  for (const size of blockSizes) {
    const block = Buffer.alloc(size)
    while (await fits(() => file.appendFile(block)));
  }
}

export const freeDisk = (data: string): Promise<void> => rm(filler(data), { force: true })

async function fits(write: () => Promise<void>): Promise<boolean> {
  try {
    await write()
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false
    throw error
  }
}
