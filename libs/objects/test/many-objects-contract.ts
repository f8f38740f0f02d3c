import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ObjectKeyError, type Objects } from '../src/index.ts'
import { folder, listAll, type ObjectsEngine } from './objects-contract.ts'

export const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** What every objects adapter must do with more than one object. */
export function manyObjectsContract(name: string, start: () => Promise<ObjectsEngine>): void {
  describe(`${name} many objects`, () => {
    let engine: ObjectsEngine
    let objects: Objects
    beforeAll(async () => {
      engine = await start()
      objects = engine.objects
    })
    afterAll(() => engine[Symbol.asyncDispose]())

    const read = async (key: string) => {
      const stream = await objects.get(key)
      return stream && buffer(stream)
    }

    test('several keys are deleted at once, whether they were there or not', async () => {
      const base = folder()
      const keys = Array.from({ length: 12 }, (_, i) => `${base}/${i}`)
      for (const key of keys.slice(1)) await objects.put(key, Buffer.from('x'))
      expect(await objects.deleteMany(keys)).toEqual(keys.map((key) => ({ key })))
      expect(await listAll(objects, `${base}/`, 100)).toEqual([])
      expect(await objects.deleteMany([])).toEqual([])
      await expect(objects.deleteMany(['a', '../b'])).rejects.toThrow(ObjectKeyError)
    })

    test('a copy is an object of its own', async () => {
      const base = folder()
      await objects.put(`${base}/a`, Buffer.from('old'))
      await objects.put(`${base}/b`, Buffer.from('other'))
      expect(await objects.copy(`${base}/a`, `${base}/b`)).toBe(true)
      await objects.put(`${base}/a`, Buffer.from('new'))
      expect(String(await read(`${base}/b`))).toBe('old')
      expect(await objects.copy(`${base}/absent`, `${base}/b`)).toBe(false)
      expect(String(await read(`${base}/b`))).toBe('old')
    })

    test.for([0, 604_801, 1.5])('a link that expires in %j s is refused', async (expiresInSeconds) => {
      await expect(objects.signedUrl('a', { expiresInSeconds })).rejects.toThrow(RangeError)
    })

    test('a list is every object of the prefix once, in key order, whatever the page size', async () => {
      const name = fc.constantFrom('a', 'b', 'a-b', 'a.b', 'a0', 'ab', '0', '_', '=')
      const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => [...parts, 'end'].join('/'))
      const paths = fc.uniqueArray(path, { minLength: 1, maxLength: 12 })
      await fc.assert(
        fc.asyncProperty(
          paths,
          fc.integer({ min: 1, max: 5 }),
          fc.constantFrom('', 'a', 'a/', 'a-', 'b/a'),
          async (all, limit, part) => {
            const base = folder()
            for (const key of all) await objects.put(`${base}/${key}`, Buffer.from(key))
            const prefix = `${base}/${part}`
            const expected = all.map((key) => `${base}/${key}`).filter((key) => key.startsWith(prefix))
            const listed = await listAll(objects, prefix, limit)
            expect(listed).toEqual(expected.sort(byBytes))
          },
        ),
        { numRuns: 25 },
      )
    })

    test('a list tells size and time, and its limits are checked', async () => {
      const base = folder()
      await objects.put(`${base}/a`, Buffer.from('12345'))
      const { items } = await objects.list(`${base}/`, { limit: 10 })
      expect(items).toEqual([{ key: `${base}/a`, sizeBytes: 5, modifiedAt: expect.any(Date) }])
      expect(await objects.list(`${folder()}/`, { limit: 1 })).toEqual({ items: [] })
      await expect(objects.list(base, { limit: 0 })).rejects.toThrow(RangeError)
      await expect(objects.list('../', { limit: 1 })).rejects.toThrow(ObjectKeyError)
    })
  })
}
