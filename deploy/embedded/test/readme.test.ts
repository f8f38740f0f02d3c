import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { tempDirectory } from '@sandkeep/testkit'
import { expect, test } from 'vitest'
import { startTestProduct } from './harness.ts'

async function sessionOfReadme(): Promise<string> {
  const readme = await readFile(join(import.meta.dirname, '../../../README.md'), 'utf8')
  const [session] = readme.match(/(?<=```sh\n)api=[^`]*/) ?? []
  if (session === undefined) throw new Error('the README has no session that starts with api=')
  return session
}

// A machine with nothing but Node may have no curl; who reads a session with curl has.
const hasCurl = spawnSync('curl', ['--version']).status === 0

test.runIf(hasCurl)('the session in the README goes as it says', async () => {
  await using stack = new AsyncDisposableStack()
  const folder = await tempDirectory(stack)
  const { product } = await startTestProduct(stack, { dataDirectory: join(folder, 'data') })
  const session = (await sessionOfReadme()).replace('http://localhost:8080', product.url)

  const bash = spawn('bash', ['-euo', 'pipefail', '-c', session], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [printed, [code]] = await Promise.all([text(bash.stdout), once(bash, 'close')])

  expect(code, printed).toBe(0)
  expect(printed).toContain('--module(hello).\\n+oops')
  expect(printed).toContain('}-module(hello).\n')
  expect(printed).toContain('"pointer":"/name"')
  expect((await stat(join(folder, 'hello.zip'))).size).toBeGreaterThan(100)
})
