import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { BusMessage, DeadLetter } from './bus.ts'
import type { LetterStore } from './letter-store.ts'

const spoolAtOnce = 100

const body = z.string().transform((text) => Buffer.from(text, 'base64'))
const letterFile = z.object({
  messageId: z.string(),
  type: z.string(),
  reason: z.string(),
  attempts: z.int(),
  diedAt: z.string(),
  body,
})
const messageFile = z.object({ id: z.string(), type: z.string(), replay: z.boolean().exactOptional(), body })

/**
 * Keeps dead letters and spooled messages as one file each, flushed before it counts: `<queue>/dead/…` and
 * `<queue>/spool/…`. Several processes may use the directory.
 */
export function createFileLetterStore(directory: string): LetterStore {
  const taken = new Set<string>()
  const deadIn = (queue: string) => join(directory, queue, 'dead')
  const spoolIn = (queue: string) => join(directory, queue, 'spool')
  const letterName = (letter: DeadLetter) => `${Date.parse(letter.diedAt)}-${letter.messageId}.json`
  return {
    bury: (queue, letter) =>
      writeDurably(deadIn(queue), letterName(letter), { ...letter, body: letter.body.toString('base64') }),
    async *letters(queue) {
      for (const name of await list(deadIn(queue))) {
        const letter = await read(join(deadIn(queue), name), letterFile)
        if (letter) yield letter
      }
    },
    remove: (queue, letter) => rm(join(deadIn(queue), letterName(letter)), { force: true }),
    count: async (queue) => (await list(deadIn(queue))).length,
    async spool(queue, message) {
      const { id, type, replay } = message
      const file = { id, type, ...(replay && { replay }), body: message.body.toString('base64') }
      await writeDurably(spoolIn(queue), `${Date.now()}-${id}.json`, file)
      return true
    },
    async unspool(queue, deliver) {
      for (const name of (await list(spoolIn(queue))).slice(0, spoolAtOnce)) {
        const path = join(spoolIn(queue), name)
        if (taken.has(path)) continue
        taken.add(path)
        void hand(path, deliver).finally(() => taken.delete(path))
      }
    },
  }
}

/** A message stays in its file until it was handled, which may take as long as its retries. */
async function hand(path: string, deliver: (message: BusMessage) => Promise<boolean>): Promise<void> {
  const message: BusMessage | null = await read(path, messageFile)
  if (message && (await deliver(message))) await rm(path, { force: true })
}

async function list(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names.filter((name) => name.endsWith('.json')).sort()
}

/** Null when another process took the file meanwhile. */
async function read<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  return text === null ? null : schema.parse(JSON.parse(text))
}

async function writeDurably(directory: string, name: string, content: object): Promise<void> {
  await mkdir(directory, { recursive: true })
  const temporary = join(directory, `${randomUUID()}.tmp`)
  await writeFlushed(temporary, JSON.stringify(content))
  await rename(temporary, join(directory, name))
  await flush(directory)
}

async function writeFlushed(path: string, text: string): Promise<void> {
  await using file = await open(path, 'wx')
  await file.writeFile(text)
  await file.sync()
}

async function flush(directory: string): Promise<void> {
  await using handle = await open(directory, 'r')
  await handle.sync()
}
