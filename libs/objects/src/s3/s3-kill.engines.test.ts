import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { type Engine, engines, eventually } from '@sandkeep/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { folder, listAll, sha256 } from '../../test/objects-contract.ts'
import { unfinishedUploads } from '../../test/unfinished-uploads.ts'
import { type Objects, ObjectsUnavailableError, openObjects } from '../index.ts'

const script = join(import.meta.dirname, '../../test/write-forever.ts')
const mebibyte = 1024 * 1024

const stack = new AsyncDisposableStack()
let engine: Engine
let objects: Objects
beforeAll(async () => {
  engine = stack.use(await engines.start('s3'))
  objects = stack.use(await openObjects(engine.url))
})
afterAll(() => stack.disposeAsync())

/** Expects every acknowledged key to be there, and every key that is there to be whole. */
async function expectWhole(prefix: string, sizeBytes: number, acknowledged: string[]): Promise<void> {
  const keys = await listAll(objects, `${prefix}/`, 1_000)
  expect(keys).toEqual(expect.arrayContaining(acknowledged))
  for (const key of keys) {
    const stream = await objects.get(key)
    expect(stream && (await buffer(stream)).equals(Buffer.alloc(sizeBytes, key))).toBe(true)
  }
}

test.each([200_000, 9 * mebibyte])(
  'after kill -9 of a writer of %i bytes nothing is torn or lost',
  async (sizeBytes) => {
    for (let round = 0; round < 3; round++) {
      const prefix = folder()
      const writer = spawn(process.execPath, [script, engine.url, prefix, String(sizeBytes)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      writer.stdout.once('readable', () => writer.kill('SIGKILL'))
      const [said] = await Promise.all([text(writer.stdout), once(writer, 'exit')])
      const acknowledged = said.split('\n').slice(0, -1)
      expect(acknowledged.length).toBeGreaterThan(0)
      await expectWhole(prefix, sizeBytes, acknowledged)
      await objects.deleteMany(await listAll(objects, `${prefix}/`, 1_000))
    }
  },
)

test('parts that a killed writer left are removed after the grace, those of a living one are spared', async () => {
  // It stops before its body ends, so that its parts are left for certain.
  const living = new Readable({ read: () => {} })
  const put = objects.put(folder(), living)
  living.push(randomBytes(20 * mebibyte))
  await eventually(async () => expect(await unfinishedUploads(engine)).toBeGreaterThan(0))
  const before = await unfinishedUploads(engine)
  expect(await objects.removeUnfinished(new Date(Date.now() - 3_600_000))).toBe(0)
  expect(await objects.removeUnfinished(new Date(Date.now() + 3_600_000))).toBe(before)
  expect(await unfinishedUploads(engine)).toBe(0)
  // Whose parts are gone is told so, and stores nothing.
  living.push(randomBytes(9 * mebibyte))
  living.push(null)
  await expect(put).rejects.toThrow(ObjectsUnavailableError)
})

test('after kill -9 of the store in the midst of puts nothing acknowledged is lost, nothing is torn', async () => {
  const prefix = folder()
  const acknowledged: string[] = []
  let stop = false
  const write = async (writer: number) => {
    for (let i = 0; !stop; i++) {
      const key = `${prefix}/${writer}-${i}`
      try {
        await objects.put(key, Buffer.alloc(200_000, key))
        acknowledged.push(key)
      } catch (error) {
        expect(error).toBeInstanceOf(ObjectsUnavailableError)
      }
    }
  }
  const writers = [0, 1, 2, 3].map(write)
  for (let round = 1; round <= 3; round++) {
    const sofar = acknowledged.length
    await eventually(() => expect(acknowledged.length).toBeGreaterThan(sofar + 20))
    await engine.kill()
    await engine.restart()
  }
  stop = true
  await Promise.all(writers)
  await expectWhole(prefix, 200_000, acknowledged)
})

test('a store that hangs is told to be out of reach, and is used again when it answers', async () => {
  const key = folder()
  await objects.put(key, Buffer.from('x'))
  await engine.pause()
  await expect(objects.stat(key)).rejects.toThrow(ObjectsUnavailableError)
  await expect(objects.put(key, randomBytes(mebibyte))).rejects.toThrow('does not answer in time')
  await expect(objects.get(key)).rejects.toThrow(ObjectsUnavailableError)
  await engine.resume()
  // What was given up may still be stored, late: under its own key.
  const later = folder()
  const body = randomBytes(100)
  await objects.put(later, body)
  const stream = await objects.get(later)
  expect(stream && sha256(await buffer(stream))).toBe(sha256(body))
})

test('streams that nobody reads, once destroyed, keep no connection', async () => {
  const key = folder()
  await objects.put(key, randomBytes(2 * mebibyte))
  for (let i = 0; i < 300; i++) (await objects.get(key))?.destroy()
  expect(await objects.stat(key)).toMatchObject({ sizeBytes: 2 * mebibyte })
})
