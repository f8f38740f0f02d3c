import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tempDirectory } from '@sandkeep/testkit'
import { afterAll, expect, test } from 'vitest'
import { startTestProduct } from './harness.ts'

const stack = new AsyncDisposableStack()
afterAll(() => stack.disposeAsync())

const shipped = join(import.meta.dirname, '../exercises')

async function demo(...args: string[]): Promise<{ code: number; text: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../src/demo/main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const keep = (chunk: Buffer) => {
    text += chunk
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const [code] = await once(child, 'close')
  return { code, text }
}

test('a learner works through the shipped exercises, on a product that starts and goes with the demo', async () => {
  const { code, text } = await demo(shipped)
  expect(code, text).toBe(0)
  for (const name of ['Counter', 'Name registry', 'Phoenix', 'Rate limiter', 'Door', 'Newsroom'])
    expect(text).toMatch(
      new RegExp(`/6 ${name}, 4 files: create \\d+ ms, .*restore \\d+ ms.*export \\d+ ms\n`),
    )
  expect(text).toContain('6 exercises in')
  expect(text).toMatch(
    /Events published: \d+ by identity, \d+ by sandbox\. Consumed: \d+ by sandbox\.accounts\./,
  )
  expect(text).not.toMatch(/"level":/)
})

test('a track of lines is played on a product that runs already, with files that are hard to carry', async () => {
  const folder = await tempDirectory(stack)
  const { product } = await startTestProduct(stack, { dataDirectory: join(folder, 'data') })
  const config = { exercises: { concept: [], practice: [{ slug: 'odd', name: 'Odd' }] } }
  const meta = { files: { solution: ['src/odd.erl'], example: ['.meta/odd.erl'] } }
  const files = {
    'config.json': JSON.stringify(config),
    'exercises/practice/odd/.meta/config.json': JSON.stringify(meta),
    'exercises/practice/odd/.meta/odd.erl': '-module(odd).\r\n%% ünïcödé \u{1f600}\n',
    'exercises/practice/odd/src/odd.erl': '',
    'exercises/practice/odd/a b/100% & more#1.txt': 'no newline at the end',
    'exercises/practice/odd/ä/日本.md': '\u0000binary\u0001',
  }
  const track = join(folder, 'odd.ndjson')
  await writeFile(
    track,
    Object.entries(files)
      .map(([path, text]) => JSON.stringify({ path, text }))
      .join('\n'),
  )
  const { code, text } = await demo(track, '--data', product.directory.root)
  expect(code, text).toBe(0)
  expect(text).toContain(`hour at ${product.url},`)
  expect(text).toContain('1/1 Odd, 3 files')
})

test('what cannot be played is said in one sentence', async () => {
  const { code, text } = await demo('/no/such/track')
  expect(code).toBe(1)
  expect(text).toBe('The demo stopped: There is no track at /no/such/track\n')
})
