import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ObjectKeyError, type Objects } from '../src/index.ts'

/** An engine whose store is empty at the start, or shared with others: the suite uses names of its own. */
export interface ObjectsEngine extends AsyncDisposable {
  objects: Objects
  /** What unfinished writes left behind; 0 when idle. */
  leftovers(): Promise<number>
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
export const folder = () => `test-${randomUUID()}`

/** A stream that breaks after some bytes, as a lost upload does. */
function breaking(bytes: Uint8Array): Readable {
  return Readable.from(
    (async function* () {
      yield bytes
      throw new Error('upload lost')
    })(),
  )
}

/** What every objects adapter must do. */
export function objectsContract(name: string, start: () => Promise<ObjectsEngine>): void {
  describe(`${name} objects`, () => {
    let engine: ObjectsEngine
    let objects: Objects
    beforeAll(async () => {
      engine = await start()
      objects = engine.objects
    })
    afterAll(() => engine[Symbol.asyncDispose]())

    const read = async (key: string, range?: { offset: number; length?: number }) => {
      const stream = await objects.get(key, range)
      return stream && buffer(stream)
    }

    test('bytes come back as they were put, with their size and hash', async () => {
      const key = `${folder()}/a/b.bin`
      const body = randomBytes(300_000)
      const stored = await objects.put(key, body)
      expect(stored).toEqual({ key, sizeBytes: 300_000, sha256: sha256(body), created: true })
      expect(await read(key)).toEqual(body)
      expect(await objects.stat(key)).toMatchObject({ sizeBytes: 300_000, modifiedAt: expect.any(Date) })
    })

    test('an empty object is an object', async () => {
      const key = `${folder()}/empty`
      expect(await objects.put(key, new Uint8Array())).toMatchObject({ sizeBytes: 0, created: true })
      expect(await read(key)).toEqual(Buffer.alloc(0))
    })

    test('a stream of 20 MiB is stored whole', async () => {
      const key = `${folder()}/large`
      const chunks = Array.from({ length: 20 }, () => randomBytes(1024 * 1024))
      const stored = await objects.put(key, Readable.from(chunks))
      expect(stored).toMatchObject({ sizeBytes: 20 * 1024 * 1024, sha256: sha256(Buffer.concat(chunks)) })
      expect(sha256((await read(key)) ?? new Uint8Array())).toBe(stored.sha256)
    })

    test('what is absent is null, and deleting it says so', async () => {
      const key = `${folder()}/absent`
      expect(await objects.get(key)).toBeNull()
      expect(await objects.stat(key)).toBeNull()
      expect(await objects.delete(key)).toBe(false)
    })

    test('a put replaces, with ifAbsent it does not', async () => {
      const key = `${folder()}/twice`
      await objects.put(key, Buffer.from('first'))
      expect(await objects.put(key, Buffer.from('second'), { ifAbsent: true })).toMatchObject({
        created: false,
      })
      expect(String(await read(key))).toBe('first')
      await objects.put(key, Buffer.from('third'))
      expect(String(await read(key))).toBe('third')
    })

    test('of 20 writers with ifAbsent one wins, and its bytes stay', async () => {
      const key = `${folder()}/race`
      const writers = Array.from({ length: 20 }, (_, i) =>
        objects.put(key, Readable.from([Buffer.from(`writer ${i}`)]), { ifAbsent: true }),
      )
      const winners = (await Promise.all(writers)).filter((it) => it.created)
      expect(winners).toHaveLength(1)
      expect(sha256((await read(key)) ?? new Uint8Array())).toBe(winners[0]?.sha256)
    })

    test('of several writers of large bodies with ifAbsent one wins, and nothing of the others stays', async () => {
      const key = `${folder()}/race`
      const bodies = Array.from({ length: 3 }, () => randomBytes(9 * 1024 * 1024))
      const puts = bodies.map((body) => objects.put(key, Readable.from([body]), { ifAbsent: true }))
      const winners = (await Promise.all(puts)).filter((it) => it.created)
      expect(winners).toHaveLength(1)
      expect(sha256((await read(key)) ?? new Uint8Array())).toBe(winners[0]?.sha256)
      expect(await engine.leftovers()).toBe(0)
    })

    test('a large upload that breaks off leaves nothing', async () => {
      const key = `${folder()}/large`
      await expect(objects.put(key, breaking(randomBytes(20 * 1024 * 1024)))).rejects.toThrow('upload lost')
      const named = objects.put((digest) => `${key}-${digest.sha256}`, breaking(randomBytes(1024 * 1024)))
      await expect(named).rejects.toThrow('upload lost')
      expect(await objects.stat(key)).toBeNull()
      expect(await engine.leftovers()).toBe(0)
    })

    test('an upload that breaks off leaves nothing, and what was there stays', async () => {
      const [fresh, kept] = [`${folder()}/fresh`, `${folder()}/kept`]
      await objects.put(kept, Buffer.from('before'))
      await expect(objects.put(fresh, breaking(randomBytes(100_000)))).rejects.toThrow('upload lost')
      await expect(objects.put(kept, breaking(randomBytes(100_000)))).rejects.toThrow('upload lost')
      const torn = new Readable({ read: () => {} })
      const put = objects.put(fresh, torn)
      torn.push(randomBytes(1_000))
      torn.destroy()
      await expect(put).rejects.toThrow()
      expect(await objects.stat(fresh)).toBeNull()
      expect(String(await read(kept))).toBe('before')
      expect(await engine.leftovers()).toBe(0)
    })

    test('a reader sees the bytes of the moment it opened, whatever happens after', async () => {
      const key = `${folder()}/read`
      const body = randomBytes(500_000)
      await objects.put(key, body)
      const stream = await objects.get(key)
      await objects.put(key, Buffer.from('other'))
      expect(stream && sha256(await buffer(stream))).toBe(sha256(body))
    })

    test('a range is exactly those bytes', async () => {
      const key = `${folder()}/range`
      await objects.put(key, Buffer.from('0123456789'))
      expect(String(await read(key, { offset: 3 }))).toBe('3456789')
      expect(String(await read(key, { offset: 3, length: 2 }))).toBe('34')
      expect(String(await read(key, { offset: 8, length: 50 }))).toBe('89')
      expect(String(await read(key, { offset: 10 }))).toBe('')
      expect(String(await read(key, { offset: 50 }))).toBe('')
      expect(String(await read(key, { offset: 3, length: 0 }))).toBe('')
      await expect(read(key, { offset: -1 })).rejects.toThrow(RangeError)
    })

    test('a deleted object is gone and its key can be used again', async () => {
      const key = `${folder()}/gone`
      await objects.put(key, Buffer.from('a'))
      expect(await objects.delete(key)).toBe(true)
      expect(await objects.get(key)).toBeNull()
      expect(await objects.put(key, Buffer.from('b'), { ifAbsent: true })).toMatchObject({ created: true })
    })

    test('a conditional delete spares what was put since', async () => {
      const key = `${folder()}/swept`
      await objects.put(key, Buffer.from('a'))
      const hourAgo = new Date(Date.now() - 3_600_000)
      const inAnHour = new Date(Date.now() + 3_600_000)
      expect(await objects.delete(key, { ifModifiedBefore: hourAgo })).toBe(false)
      expect(await objects.stat(key)).not.toBeNull()
      expect(await objects.delete(key, { ifModifiedBefore: inAnHour })).toBe(true)
    })

    test.for([
      '',
      '/absolute',
      'a/../../etc/passwd',
      '..',
      'a/./b',
      'a//b',
      'a/',
      '.hidden',
      'a/.staging/b',
      'UPPER',
      'a b',
      'a\\b',
      'nul\0',
      'ü',
      'x'.repeat(201),
      Array(8).fill('x'.repeat(150)).join('/'),
    ])('the key %j is refused', async (key) => {
      await expect(objects.put(key, Buffer.from('x'))).rejects.toThrow(ObjectKeyError)
      await expect(objects.put(() => key, Buffer.from('x'))).rejects.toThrow(ObjectKeyError)
      await expect(objects.get(key)).rejects.toThrow(ObjectKeyError)
      await expect(objects.stat(key)).rejects.toThrow(ObjectKeyError)
      await expect(objects.delete(key)).rejects.toThrow(ObjectKeyError)
      expect(await engine.leftovers()).toBe(0)
    })

    test('a key cannot be a folder of another', async () => {
      const base = folder()
      await objects.put(`${base}/a/b`, Buffer.from('x'))
      for (const options of [{}, { ifAbsent: true }]) {
        await expect(objects.put(`${base}/a`, Buffer.from('x'), options)).rejects.toThrow(ObjectKeyError)
        await expect(objects.put(`${base}/a/b/c`, Buffer.from('x'), options)).rejects.toThrow(ObjectKeyError)
      }
      expect(await objects.stat(`${base}/a`)).toBeNull()
      expect(await objects.get(`${base}/a/b/c`)).toBeNull()
    })
  })
}

export async function listAll(objects: Objects, prefix: string, limit: number): Promise<string[]> {
  const keys: string[] = []
  for (let after: string | undefined; ; ) {
    const page = await objects.list(prefix, after === undefined ? { limit } : { limit, after })
    keys.push(...page.items.map((it) => it.key))
    if (page.nextAfter === undefined) return keys
    after = page.nextAfter
  }
}
