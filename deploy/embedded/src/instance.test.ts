import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AlreadyRunningError, claim, findInstance } from './instance.ts'

let directory = ''

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'instance-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

test('a claimed directory is refused, with who holds it and where it answers', async () => {
  await using held = await claim(directory)
  const events = { published: { identity: 2 }, consumed: {} }
  const self = { url: 'http://127.0.0.1:8080', events, services: { identity: { pid: 1, isReady: true } } }
  held.announce(async () => self)
  const refusal = await claim(directory).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(AlreadyRunningError)
  expect(String(refusal)).toContain(`process ${process.pid}) at http://127.0.0.1:8080`)
  expect(await findInstance(directory)).toEqual({ pid: process.pid, ...self })
})

test('a released directory can be claimed again', async () => {
  const held = await claim(directory)
  await held[Symbol.asyncDispose]()
  expect(await findInstance(directory)).toBeNull()
  await using again = await claim(directory)
  expect(again).toBeDefined()
})

test('a claim ends with its process, however it ends', async () => {
  const module = JSON.stringify(join(import.meta.dirname, 'instance.ts'))
  const script = `const { claim } = await import(${module}); await claim(${JSON.stringify(directory)}); console.log('held'); setInterval(() => {}, 1e6)`
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(holder.stdout, 'data')
  await expect(claim(directory)).rejects.toThrow(`process ${holder.pid}`)
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  await using again = await claim(directory)
  expect(again).toBeDefined()
})
