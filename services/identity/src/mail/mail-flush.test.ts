import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { callAfter, fileTracers, tempDirectory } from '@sandkeep/testkit'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('../../test/send-and-answer.ts', import.meta.url))
const tracers = await fileTracers()

test.each(tracers)(
  'mail is on disk, with its name and its folder, before it counts as sent ($name)',
  async ({ trace }) => {
    await using stack = new AsyncDisposableStack()
    const parent = await tempDirectory(stack)
    const directory = join(parent, 'mail')
    const calls = await trace(script, pathToFileURL(directory).href)

    const sent = callAfter(calls, null, { kind: 'say', path: 'sent' })
    const made = callAfter(calls, null, { kind: 'make-directory', path: directory })
    const named = callAfter(calls, made, { kind: 'flush', path: parent })
    const written = callAfter(calls, made, { kind: 'flush', path: new RegExp(`^${directory}/\\.staging/`) })
    const renamed = callAfter(calls, written, { kind: 'rename', path: /\.eml$/ })
    const flushed = callAfter(calls, renamed, { kind: 'flush', path: directory })
    expect(named.end).toBeLessThan(sent.start)
    expect(flushed.end).toBeLessThan(sent.start)
  },
)
