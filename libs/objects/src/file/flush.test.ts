import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { tempDirectory } from '@sandkeep/testkit'
import { expect, test } from 'vitest'
import { type SystemCall, traceNode, whyNoTrace } from '../../test/system-calls.ts'

/** Finds the first call after another one that does `what`; a call begins only after the one before it ended. */
function after(calls: SystemCall[], before: SystemCall | undefined, names: RegExp, what: string): SystemCall {
  const found = calls.find(
    (call) => call.start > (before?.end ?? -1) && names.test(call.name) && call.arguments.includes(what),
  )
  if (!found) throw new Error(`no ${names} of ${what} after ${before?.name} ${before?.arguments}`)
  return found
}

test('file and folder are flushed, in that order, before a write or delete is answered', async (context) => {
  const obstacle = await whyNoTrace()
  if (obstacle) return context.skip(obstacle)

  await using stack = new AsyncDisposableStack()
  const directory = await tempDirectory(stack)
  const root = join(directory, 'objects')
  const script = join(import.meta.dirname, '../../test/write-and-answer.ts')
  const calls = await traceNode(join(directory, 'trace'), script, pathToFileURL(root).href)
  const folder = join(root, 'new/folder')
  const answered = (text: string) => after(calls, undefined, /^write$/, `answered ${text}`)
  const flushed = (before: SystemCall, path: string) => after(calls, before, /^fsync$/, `<${path}>`)

  const staged = after(calls, undefined, /^fsync$/, `<${root}/.staging/`)
  const renamed = after(calls, staged, /^rename/, `"${folder}/put"`)
  expect(flushed(renamed, folder).end).toBeLessThan(answered('put').start)

  const made = after(calls, undefined, /^mkdir/, `"${folder}", 0777) = 0`)
  for (const parent of [join(root, 'new'), root]) {
    expect(flushed(made, parent).end).toBeLessThan(answered('put').start)
  }
  const rootMade = after(calls, undefined, /^mkdir/, `"${root}", 0777) = 0`)
  expect(flushed(rootMade, directory).end).toBeLessThan(answered('put').start)

  const stagedAgain = after(calls, answered('put'), /^fsync$/, `<${root}/.staging/`)
  const linked = after(calls, stagedAgain, /^link/, `"${folder}/absent"`)
  expect(flushed(linked, folder).end).toBeLessThan(answered('ifAbsent').start)

  const refused = after(calls, answered('ifAbsent'), /^link/, 'EEXIST')
  expect(flushed(refused, folder).end).toBeLessThan(answered('conflict').start)

  const unlinked = after(calls, answered('conflict'), /^unlink/, `"${folder}/put"`)
  expect(flushed(unlinked, folder).end).toBeLessThan(answered('delete').start)
})
