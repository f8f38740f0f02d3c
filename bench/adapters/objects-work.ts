import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import { type Objects, openObjects } from '@sandkeep/objects'
import { inTurn, keys, type OpenWork } from './work.ts'

export const content = Buffer.alloc(16 * 1024, 'content ')
export const newKey = () => `new/${randomUUID()}`

export async function readAll(body: Readable | null | undefined): Promise<void> {
  let bytes = 0
  for await (const chunk of body ?? []) if (Buffer.isBuffer(chunk)) bytes += chunk.byteLength
  if (bytes !== content.byteLength) throw new Error(`an object has ${bytes} bytes`)
}

const objectsWork =
  (operation: (objects: Objects) => () => Promise<void>): OpenWork =>
  async ({ url }) => {
    const objects = await openObjects(url)
    for (const key of keys) await objects.put(key, content)
    return { once: operation(objects), [Symbol.asyncDispose]: () => objects[Symbol.asyncDispose]() }
  }

/** Of either store: the port is the same. */
export const putObject = objectsWork((objects) => async () => {
  const { created } = await objects.put(newKey(), content, { ifAbsent: true })
  if (!created) throw new Error('a new object was refused')
})

export const getObject = objectsWork((objects) => {
  const nextKey = inTurn(keys, '')
  return async () => readAll(await objects.get(nextKey()))
})
