import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)

/** Starts eight hashes that keep their threads busy, and answers how many milliseconds a look at a file then takes. */
const script = `
import { availableParallelism } from 'node:os'
import { pbkdf2 } from 'node:crypto'
import { stat } from 'node:fs/promises'
const { widenThreadPool } = await import(process.argv[1])
if (process.argv[2] === 'widen') widenThreadPool()
let done = 0
for (let i = 0; i < 4 + availableParallelism() - 1; i++) pbkdf2('a', 'b', 100_000, 32, 'sha512', () => done++)
await stat('.')
console.log(done)
process.exit()
`
const hashesBeforeStat = async (mode: string) => {
  const { UV_THREADPOOL_SIZE: _, ...env } = process.env
  const module = new URL('./thread-pool.ts', import.meta.url).href
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script, module, mode], { env })
  return Number(stdout)
}

test('a file is read while every core hashes', async () => {
  expect(await hashesBeforeStat('widen')).toBe(0)
  expect(await hashesBeforeStat('narrow')).toBeGreaterThan(0)
})
