import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { type Engine, engines, type HttpProxy, openHttpProxy } from '@sandkeep/testkit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { folder, listAll, sha256 } from '../../test/objects-contract.ts'
import { unfinishedUploads } from '../../test/unfinished-uploads.ts'
import { type Objects, ObjectsUnavailableError, openObjects } from '../index.ts'

const stack = new AsyncDisposableStack()
let engine: Engine
let proxy: HttpProxy
/** By way of the proxy, and past it. */
let objects: Objects
let direct: Objects

beforeAll(async () => {
  engine = stack.use(await engines.start('s3'))
  proxy = stack.use(await openHttpProxy(engine.url))
  objects = stack.use(await openObjects(proxy.url))
  direct = stack.use(await openObjects(engine.url))
})
beforeEach(() => proxy.heal())
afterAll(() => stack.disposeAsync())

interface Asked {
  method: string
  url: string
}
const isPut = ({ method }: Asked) => method === 'PUT'
const isPart = ({ method, url }: Asked) => method === 'PUT' && url.includes('partNumber=')
const isComplete = ({ method, url }: Asked) => method === 'POST' && url.includes('uploadId=')
const internalError =
  '<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>'
const large = () => randomBytes(9 * 1024 * 1024)

const stored = async (key: string) => {
  const stream = await direct.get(key)
  return stream && sha256(await buffer(stream))
}

test.each([
  { fault: { kind: 'refused', status: 503, body: '<Error><Code>SlowDown</Code></Error>' } },
  { fault: { kind: 'refused', status: 500, body: internalError } },
  { fault: { kind: 'error-body', body: internalError } },
  { fault: { kind: 'failed-after', status: 500, body: internalError } },
  { fault: { kind: 'lost-answer' } },
] as const)('a store that fails for a moment is not noticed ($fault.kind)', async ({ fault }) => {
  const base = folder()
  const again = () => proxy.inject(fault, { times: 2 })
  again()
  expect(await objects.put(`${base}/a`, Buffer.from('12345'))).toMatchObject({ created: true })
  again()
  expect(await objects.stat(`${base}/a`)).toMatchObject({ sizeBytes: 5 })
  again()
  expect(String(await buffer((await objects.get(`${base}/a`)) ?? Readable.from([])))).toBe('12345')
  again()
  expect(await listAll(objects, `${base}/`, 10)).toEqual([`${base}/a`])
  again()
  expect(await objects.copy(`${base}/a`, `${base}/b`)).toBe(true)
  again()
  expect(await objects.deleteMany([`${base}/b`])).toEqual([{ key: `${base}/b` }])
  again()
  expect(await objects.delete(`${base}/a`)).toBe(true)
  expect(proxy.met()).toBe(2)
  expect(await listAll(direct, `${base}/`, 10)).toEqual([])
})

test.each([
  { fault: { kind: 'failed-after', status: 500, body: internalError } },
  { fault: { kind: 'failed-after', status: 200, body: internalError } },
  { fault: { kind: 'lost-answer' } },
] as const)(
  'whoever created an object learns so, although no answer tells ($fault.kind)',
  async ({ fault }) => {
    const [small, big] = [folder(), folder()]
    proxy.inject(fault, { when: isPut })
    expect(await objects.put(small, Buffer.from('x'), { ifAbsent: true })).toMatchObject({ created: true })
    proxy.heal()
    expect(await objects.put(small, Buffer.from('y'), { ifAbsent: true })).toMatchObject({ created: false })

    proxy.inject(fault, { when: isComplete })
    const body = large()
    expect(await objects.put(big, Readable.from([body]), { ifAbsent: true })).toMatchObject({ created: true })
    expect(await stored(big)).toBe(sha256(body))
    expect(await unfinishedUploads(engine)).toBe(0)
  },
)

test.each([
  { fault: { kind: 'refused', status: 503 }, when: isPart, name: 'takes no parts' },
  {
    fault: { kind: 'error-body', body: internalError },
    when: isPart,
    name: 'says 200 to parts it did not take',
  },
  { fault: { kind: 'refused', status: 500 }, when: isComplete, name: 'does not complete' },
  {
    fault: { kind: 'error-body', body: internalError },
    when: isComplete,
    name: 'says 200 to what it did not complete',
  },
] as const)(
  'of an upload to a store that $name nothing is to be seen and nothing stays',
  async ({ fault, when }) => {
    const key = folder()
    proxy.inject(fault, { when })
    await expect(objects.put(key, Readable.from([large()]))).rejects.toThrow(ObjectsUnavailableError)
    expect(await direct.stat(key)).toBeNull()
    expect(await unfinishedUploads(engine)).toBe(0)
  },
)

test('an answer that breaks off is an error of its stream, never a short object', async () => {
  const key = folder()
  await direct.put(key, randomBytes(100_000))
  proxy.inject({ kind: 'torn-answer', afterBytes: 50_000 })
  const stream = await objects.get(key)
  await expect(stream && buffer(stream)).rejects.toThrow(ObjectsUnavailableError)
  proxy.inject({ kind: 'torn-answer', afterBytes: 100 }, { times: 2 })
  expect(await listAll(objects, key, 10)).toEqual([key])
})

test('what says 200 and is no answer is never taken for an empty store', async () => {
  const key = folder()
  await direct.put(key, Buffer.from('x'))
  proxy.inject({ kind: 'error-body', body: internalError })
  await expect(objects.list(key, { limit: 1 })).rejects.toThrow(ObjectsUnavailableError)
  await expect(objects.get(key)).rejects.toThrow(ObjectsUnavailableError)
  await expect(objects.stat(key)).rejects.toThrow(ObjectsUnavailableError)
  await expect(objects.put(key, Buffer.from('y'))).rejects.toThrow(ObjectsUnavailableError)
  await expect(objects.deleteMany([key])).rejects.toThrow(ObjectsUnavailableError)
  await expect(objects.copy(key, `${key}-copy`)).rejects.toThrow(ObjectsUnavailableError)
})

test.each([
  { what: 'If-None-Match', when: isPut },
  { what: 'If-None-Match of uploads in parts', when: isComplete },
])('a store that ignores $what is refused when it is opened', async ({ when }) => {
  proxy.inject({ kind: 'dropped-headers', names: ['if-none-match'] }, { when })
  await expect(openObjects(proxy.url)).rejects.toThrow('ignores If-None-Match')
})
