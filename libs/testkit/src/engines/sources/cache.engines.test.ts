import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { tempDirectory } from '../../temp-directory.ts'
import { cached } from './cache.ts'

let directory: string
beforeEach(async () => {
  const stack = new AsyncDisposableStack()
  onTestFinished(() => stack.disposeAsync())
  directory = await tempDirectory(stack)
  vi.stubEnv('XDG_CACHE_HOME', directory)
  onTestFinished(() => void vi.unstubAllEnvs())
})

/** Leaves a line in a log each time that it runs, before its last words. */
const make = (lastWords: string) => [
  '/bin/sh',
  '-c',
  `echo made >>"$0"; echo whole >"$1/file"; ${lastWords}`,
  join(directory, 'log'),
]

test('what several ask for at once is made once', async () => {
  const folders = await Promise.all([1, 2, 3].map(() => cached('thing', make('true'))))
  expect(new Set(folders).size).toBe(1)
  expect(await readFile(join(folders[0] ?? '', 'file'), 'utf8')).toBe('whole\n')
  expect(await readFile(join(directory, 'log'), 'utf8')).toBe('made\n')
})

test('what could not be made is not there in halves, and is made when it is asked for again', async () => {
  await expect(cached('thing', make('exit 3'))).rejects.toThrow()
  await expect(cached('thing', make('kill -9 $PPID'))).rejects.toThrow()
  const folder = await cached('thing', make('true'))
  expect(await readFile(join(folder, 'file'), 'utf8')).toBe('whole\n')
  expect((await readdir(join(folder, '..'))).sort()).toEqual(['thing', 'thing.lock'])
})
