import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { callAfter, type FileCall, fileTracers, tempDirectory } from '@sandkeep/testkit'
import { expect, test } from 'vitest'

const script = join(import.meta.dirname, '../../test/write-and-answer.ts')
const tracers = await fileTracers()

test.each(tracers)(
  'file and folder are flushed, in that order, before a write or delete is answered ($name)',
  async ({ trace }) => {
    await using stack = new AsyncDisposableStack()
    const directory = await tempDirectory(stack)
    const root = join(directory, 'objects')
    const folder = join(root, 'new/folder')
    const staging = new RegExp(`^${root}/\\.staging/`)
    const calls = await trace(script, pathToFileURL(root).href)

    const answered = (text: string) => callAfter(calls, null, { kind: 'say', path: `answered ${text}` })
    const flushed = (before: FileCall | null, path: string | RegExp) =>
      callAfter(calls, before, { kind: 'flush', path })

    const renamed = callAfter(calls, flushed(null, staging), { kind: 'rename', path: join(folder, 'put') })
    expect(flushed(renamed, folder).end).toBeLessThan(answered('put').start)

    for (const made of [root, join(root, 'new'), folder]) {
      const making = callAfter(calls, null, { kind: 'make-directory', path: made })
      expect(flushed(making, join(made, '..')).end).toBeLessThan(answered('put').start)
    }

    const staged = flushed(answered('put'), staging)
    const linked = callAfter(calls, staged, { kind: 'link', path: join(folder, 'absent') })
    expect(flushed(linked, folder).end).toBeLessThan(answered('ifAbsent').start)

    const absent = { kind: 'link', path: join(folder, 'absent'), ok: false } as const
    const refused = callAfter(calls, answered('ifAbsent'), absent)
    expect(flushed(refused, folder).end).toBeLessThan(answered('conflict').start)

    const unlinked = callAfter(calls, answered('conflict'), { kind: 'unlink', path: join(folder, 'put') })
    expect(flushed(unlinked, folder).end).toBeLessThan(answered('delete').start)
  },
)
