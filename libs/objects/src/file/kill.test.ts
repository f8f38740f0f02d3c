import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { tempDirectory } from '@sandkeep/testkit'
import { expect, test } from 'vitest'
import { openObjects } from '../index.ts'

const script = join(import.meta.dirname, '../../test/write-forever.ts')

/** Runs a writer, kills it once it has stored something, and answers what it said it had stored. */
async function storedBeforeKill(url: string, prefix: string): Promise<string[]> {
  const writer = spawn(process.execPath, [script, url, prefix], { stdio: ['ignore', 'pipe', 'inherit'] })
  writer.stdout.once('readable', () => writer.kill('SIGKILL'))
  const [said] = await Promise.all([text(writer.stdout), once(writer, 'exit')])
  return said.split('\n').slice(0, -1)
}

test('after kill -9 everything acknowledged is there, and nothing is torn', async () => {
  await using stack = new AsyncDisposableStack()
  const url = pathToFileURL(await tempDirectory(stack)).href
  for (let round = 0; round < 5; round++) {
    const acknowledged = await storedBeforeKill(url, `round-${round}`)
    expect(acknowledged.length).toBeGreaterThan(0)
    const objects = await openObjects(url)
    const { items } = await objects.list(`round-${round}/`, { limit: 1_000 })
    const keys = items.map((it) => it.key)
    expect(keys).toEqual(expect.arrayContaining(acknowledged))
    for (const key of keys) {
      const stream = await objects.get(key)
      expect(stream && (await buffer(stream)).equals(Buffer.alloc(200_000, key))).toBe(true)
    }
  }
})
