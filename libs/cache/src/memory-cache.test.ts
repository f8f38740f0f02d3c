import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { eventually } from '@sandkeep/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { cacheContract } from '../test/cache-contract.ts'
import { key } from '../test/key.ts'
import { openCache } from './index.ts'
import { memoryCache } from './memory-cache.ts'
import { createMemoryStore } from './memory-store.ts'

cacheContract('memory:', async () => {
  let time = 1_000_000
  const store = createMemoryStore(() => time)
  return {
    open: async (owner) => memoryCache(store, { owner }, () => {}),
    now: () => time,
    pass: async (ms) => {
      time += ms
    },
    breakSubscriptions: async () => {},
    scheduleRuns: 300,
    [Symbol.asyncDispose]: async () => store.close(),
  }
})

async function open(url: string, owner = 'test') {
  const cache = await openCache(url, { owner })
  onTestFinished(() => cache[Symbol.asyncDispose]())
  return cache
}

test('caches of one name share channels between owners, other names and nameless ones do not', async () => {
  const gateway = await open('memory:fleet', 'gateway')
  const heard: string[] = []
  for (const [name, cache] of Object.entries({
    fleet: gateway,
    other: await open('memory:other'),
    nameless: await open('memory:'),
  })) {
    await cache.subscribe('revocations', (message) => heard.push(`${name} ${message}`))
  }
  const identity = await open('memory:fleet', 'identity')
  await identity.publish('revocations', 'user-1')
  await eventually(() => expect(heard).toEqual(['fleet user-1']))
  await setTick()
  expect(heard).toHaveLength(1)
})

test('the last to close a name forgets its keys', async () => {
  const first = await openCache('memory:passing', { owner: 'test' })
  await first.set(key('key'), 'value', 60_000)
  await first[Symbol.asyncDispose]()
  const second = await open('memory:passing')
  expect(await second.get(key('key'))).toBeNull()
})

test('memory stays bounded under a flood of keys, and expired keys are freed', async () => {
  let time = 1
  const store = createMemoryStore(() => time)
  onTestFinished(() => store.close())
  for (let i = 0; i < 120_000; i++) {
    store.set(`key-${i}`, 'x', 1_000)
    store.take(`key-${i}`, { limit: 1, windowMs: 1_000 })
  }
  expect(store.size()).toBeLessThanOrEqual(100_000)
  expect(store.get('key-119999')).toBe('x')
  for (let i = 0; i < 40; i++) store.set(`large-${i}`, 'y'.repeat(1024 * 1024), 1_000)
  expect(store.size()).toBeLessThanOrEqual(50_000 + 16)
  time = 2_000
  store.purge()
  expect(store.size()).toBe(0)
})

test('an open memory cache does not keep the process alive', async () => {
  const script = `
    const { openCache } = await import('./src/index.ts')
    const { key } = await import('./test/key.ts')
    const cache = await openCache('memory:x', { owner: 'test' })
    await cache.set(key('key'), 'value', 3_600_000)
    await cache.subscribe('channel', () => {})`
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd: `${import.meta.dirname}/..`,
    timeout: 20_000,
  })
  await expect(run).resolves.toBeDefined()
})

test('a URL of an unknown kind is refused by name', async () => {
  await expect(openCache('memcached://host', { owner: 'test' })).rejects.toThrow(
    'starts with memory:, redis: or rediss:, not with "memcached:"',
  )
})

function setTick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
