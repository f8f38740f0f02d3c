import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { realpath, rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { StartRefusedError } from './start-refused-error.ts'

const instanceSchema = z.object({
  pid: z.int(),
  /** Where its gateway answers; empty until it is ready. */
  url: z.string(),
  events: z.object({
    published: z.record(z.string(), z.number()),
    consumed: z.record(z.string(), z.number()),
  }),
  /** Those in processes of their own. */
  services: z.record(z.string(), z.object({ pid: z.int(), isReady: z.boolean() })).default({}),
})

export type Instance = z.infer<typeof instanceSchema>
/** What an instance tells of itself; its process is known. */
export type SelfDescription = Omit<z.input<typeof instanceSchema>, 'pid'>

export class AlreadyRunningError extends StartRefusedError {
  override readonly name = 'AlreadyRunningError'
}

// The longest path of a Unix socket on the systems we run on is 103 bytes (macOS).
const maxSocketPath = 103

/**
 * Claims a data directory for this process. The claim is a socket that answers who holds it: unlike a file with a
 * process id it cannot outlive its process, and cannot be mistaken for another that got the same id.
 */
export async function claim(
  dataDirectory: string,
): Promise<{ announce(describe: () => Promise<SelfDescription>): void } & AsyncDisposable> {
  const path = await socketPath(dataDirectory)
  const holder = await ask(path)
  if (holder !== null) throw new AlreadyRunningError(refusal(dataDirectory, holder))
  await rm(path, { force: true })
  let describeSelf = async (): Promise<SelfDescription> => ({
    url: '',
    events: { published: {}, consumed: {} },
  })
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    describeSelf().then(
      (self) => socket.end(JSON.stringify({ pid: process.pid, ...self })),
      () => socket.destroy(),
    )
  })
  await listen(server, path, dataDirectory)
  return {
    announce(describe) {
      describeSelf = describe
    },
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}

/** The instance that runs on a data directory, or null. */
export async function findInstance(dataDirectory: string): Promise<Instance | null> {
  return ask(await socketPath(dataDirectory))
}

async function listen(server: Server, path: string, dataDirectory: string): Promise<void> {
  server.listen(path)
  try {
    await once(server, 'listening')
  } catch (error) {
    // Another process claimed it a moment ago.
    const holder = await ask(path)
    throw holder === null ? error : new AlreadyRunningError(refusal(dataDirectory, holder))
  }
}

async function ask(path: string): Promise<Instance | null> {
  try {
    return instanceSchema.parse(JSON.parse(await text(connect(path))))
  } catch {
    return null
  }
}

async function socketPath(dataDirectory: string): Promise<string> {
  const directory = await realpath(dataDirectory).catch(() => dataDirectory)
  const inside = join(directory, 'instance.sock')
  if (Buffer.byteLength(inside) <= maxSocketPath) return inside
  return join(tmpdir(), `sandkeep-${createHash('sha256').update(directory).digest('hex').slice(0, 16)}.sock`)
}

function refusal(dataDirectory: string, { pid, url }: Instance): string {
  const where = url === '' ? 'and is still starting' : `at ${url}`
  return `Sandkeep already runs on ${dataDirectory} (process ${pid}) ${where}. Stop it first, or set DATA_DIR to another directory.`
}
