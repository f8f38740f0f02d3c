import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  CorruptContentError,
  contentKey,
  getContent,
  type Objects,
  putContent,
  sweepContent,
} from '../src/index.ts'
import { folder, listAll, type ObjectsEngine, sha256 } from './objects-contract.ts'

const dayMs = 24 * 3_600_000

/** What content by its hash, and its sweep, must do on every adapter. */
export function contentContract(name: string, start: () => Promise<ObjectsEngine>): void {
  describe(`${name} content`, () => {
    let engine: ObjectsEngine
    let objects: Objects
    beforeAll(async () => {
      engine = await start()
      objects = engine.objects
    })
    afterAll(() => engine[Symbol.asyncDispose]())

    const read = async (prefix: string, bytes: Uint8Array) => {
      const stream = await getContent(objects, prefix, sha256(bytes))
      return stream && buffer(stream)
    }

    /** Sweeps as if it were so many days later, when only these keys are in use. */
    const sweep = (prefix: string, { days = 2, used = [], on = objects }: SweepOptions) => {
      const referenced = async (keys: string[]) => new Set(used).intersection(new Set(keys))
      return sweepContent({ objects: on, prefix, now: new Date(Date.now() + days * dayMs), referenced })
    }

    test('large content is stored under the hash of all of it', async () => {
      const prefix = folder()
      const body = randomBytes(17 * 1024 * 1024 + 1)
      const { key } = await putContent(objects, prefix, Readable.from([body]))
      expect(key).toBe(contentKey(prefix, sha256(body)))
      const stream = await getContent(objects, prefix, sha256(body))
      expect(stream && (await buffer(stream)).equals(body)).toBe(true)
    })

    test('equal content is one object under its hash', async () => {
      const prefix = folder()
      const body = randomBytes(70_000)
      const first = await putContent(objects, prefix, body)
      expect(first).toEqual({
        key: contentKey(prefix, sha256(body)),
        sha256: sha256(body),
        sizeBytes: 70_000,
      })
      expect(await putContent(objects, prefix, Readable.from([body]))).toEqual(first)
      expect(await listAll(objects, `${prefix}/`, 10)).toEqual([first.key])
      const stream = await getContent(objects, prefix, first.sha256)
      expect(stream && (await buffer(stream))).toEqual(body)
      expect(await getContent(objects, prefix, sha256(Buffer.from('other')))).toBeNull()
    })

    test('content that is not what its key says is refused when read', async () => {
      const prefix = folder()
      const hash = sha256(Buffer.from('right'))
      await objects.put(contentKey(prefix, hash), Buffer.from('wrong'))
      const stream = await getContent(objects, prefix, hash)
      await expect(stream && buffer(stream)).rejects.toThrow(CorruptContentError)
      await putContent(objects, prefix, Buffer.from('right'))
      const healed = await getContent(objects, prefix, hash)
      expect(healed && String(await buffer(healed))).toBe('right')
    })

    test('what nothing refers to is swept after the grace, and buried a grace later', async () => {
      const prefix = folder()
      const [used, unused] = [randomBytes(100), randomBytes(100)]
      const { key } = await putContent(objects, prefix, used)
      await putContent(objects, prefix, unused)
      const none = { swept: 0, restored: 0, buried: 0 }
      expect(await sweep(prefix, { days: 0, used: [key] })).toEqual(none)
      expect(await sweep(prefix, { used: [key] })).toEqual({ ...none, swept: 1 })
      expect(await listAll(objects, `${prefix}/`, 10)).toEqual([key])
      expect(await sweep(prefix, { days: 0, used: [key] })).toEqual(none)
      expect(await sweep(prefix, { used: [key] })).toEqual({ ...none, buried: 1 })
      expect(await read(prefix, unused)).toBeNull()
      expect(await read(prefix, used)).toEqual(used)
    })

    test('an upload that the sweep deletes at that very moment is not lost', async () => {
      const prefix = folder()
      const body = randomBytes(70_000)
      const { key } = await putContent(objects, prefix, body)
      const on: Objects = {
        ...objects,
        delete: async (...asked) => {
          await putContent(objects, prefix, body)
          return objects.delete(...asked)
        },
      }
      expect(await sweep(prefix, { on })).toMatchObject({ swept: 1 })
      expect(await read(prefix, body)).toEqual(body)
      expect(await sweep(prefix, { used: [key] })).toMatchObject({ restored: 1 })
      expect(await objects.stat(key)).not.toBeNull()
      expect(await read(prefix, body)).toEqual(body)
      expect(await listAll(objects, `swept/${prefix}/`, 10)).toEqual([])
    })

    test('uploads that race sweeps of the same content are never lost', async () => {
      const prefix = folder()
      for (let round = 0; round < 25; round++) {
        const body = randomBytes(1_000)
        const { key } = await putContent(objects, prefix, body)
        const sweeping = sweep(prefix, {})
        for (let write = 0; write <= round % 3; write++)
          await putContent(objects, prefix, Readable.from([body]))
        await sweeping
        expect(await read(prefix, body)).toEqual(body)
        await sweep(prefix, { used: [key] })
        expect(await objects.stat(key)).not.toBeNull()
      }
    })

    test('a sweep with a shorter grace than a day is refused', async () => {
      const referenced = async () => new Set<string>()
      const asked = { objects, prefix: folder(), now: new Date(), graceMs: dayMs - 1, referenced }
      await expect(sweepContent(asked)).rejects.toThrow('at least')
    })
  })
}

interface SweepOptions {
  days?: number
  used?: string[]
  on?: Objects
}
