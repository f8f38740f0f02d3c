import { text } from 'node:stream/consumers'
import type { Objects } from '@sandkeep/objects'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { BusMessage } from './bus.ts'
import { reasonOf } from './errors.ts'
import type { LetterStore } from './letter-store.ts'

const pageSize = 100

const body = z.string().transform((base64) => Buffer.from(base64, 'base64'))
const letterObject = z.object({
  messageId: z.string(),
  type: z.string(),
  reason: z.string(),
  attempts: z.int(),
  diedAt: z.string(),
  body,
})
const messageObject = z.object({
  id: z.string(),
  type: z.string(),
  replay: z.boolean().exactOptional(),
  body,
})

/**
 * Keeps dead letters and spooled messages as one object each, `<queue>/dead/<id>.json` and
 * `<queue>/spool/<time>-<id>.json`. Several processes may use the objects.
 */
export function createObjectLetterStore(objects: Objects, log: Logger): LetterStore {
  const taken = new Set<string>()
  const read = createReader(objects, log)
  const deadIn = (queue: string) => `${queue}/dead/`
  const deadKey = (queue: string, messageId: string) => `${deadIn(queue)}${messageId}.json`
  const spoolIn = (queue: string) => `${queue}/spool/`

  const put = async <T extends { body: Buffer }>(key: string, value: T) => {
    const json = JSON.stringify({ ...value, body: value.body.toString('base64') })
    await objects.put(key, Buffer.from(json))
  }

  // A message stays where it is until it was handled, which may take as long as its retries.
  const hand = async (key: string, deliver: (message: BusMessage) => Promise<boolean>) => {
    const message: BusMessage | null = await read(key, messageObject)
    if (message && (await deliver(message))) await objects.delete(key)
  }

  return {
    bury: (queue, letter) => put(deadKey(queue, letter.messageId), letter),
    async *letters(queue) {
      for await (const key of keys(objects, deadIn(queue))) {
        const letter = await read(key, letterObject)
        if (letter) yield letter
      }
    },
    async remove(queue, { messageId }) {
      await objects.delete(deadKey(queue, messageId))
    },
    async count(queue) {
      let count = 0
      for await (const _key of keys(objects, deadIn(queue))) count += 1
      return count
    },
    async spool(queue, { id, type, replay, body }) {
      await put(`${spoolIn(queue)}${Date.now()}-${id}.json`, { id, type, ...(replay && { replay }), body })
      return true
    },
    async unspool(queue, deliver) {
      const { items } = await objects.list(spoolIn(queue), { limit: pageSize })
      for (const { key } of items) {
        if (taken.has(key)) continue
        taken.add(key)
        void hand(key, deliver)
          .catch((error: unknown) => log.warn({ key, reason: reasonOf(error) }, 'message stays spooled'))
          .finally(() => taken.delete(key))
      }
    },
  }
}

/** Reads an object of ours; null when another process took it meanwhile, or it is none, which is said once. */
function createReader(objects: Objects, log: Logger) {
  const reported = new Set<string>()
  return async <T>(key: string, schema: z.ZodType<T>): Promise<T | null> => {
    const stream = await objects.get(key)
    if (!stream) return null
    try {
      return schema.parse(JSON.parse(await text(stream)))
    } catch (error) {
      if (!reported.has(key)) log.error({ key, reason: reasonOf(error) }, 'letter cannot be read and stays')
      reported.add(key)
      return null
    }
  }
}

async function* keys(objects: Objects, prefix: string): AsyncGenerator<string> {
  let after: string | undefined
  do {
    const page = await objects.list(prefix, { limit: pageSize, ...(after !== undefined && { after }) })
    for (const { key } of page.items) yield key
    after = page.nextAfter
  } while (after !== undefined)
}
