import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDataDirectory } from './data-directory.ts'
import { StartRefusedError } from './start-refused-error.ts'

let parent = ''
let root = ''
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'data-'))
  root = join(parent, 'data')
})
afterEach(() => rm(parent, { recursive: true, force: true }))

async function refusal(): Promise<string> {
  const error = await openDataDirectory(root).catch((it: unknown) => it)
  expect(error).toBeInstanceOf(StartRefusedError)
  return String(error)
}

test('a new directory is made, and opened again', async () => {
  const made = await openDataDirectory(root)
  expect(await openDataDirectory(root)).toEqual(made)
})

test('a directory that cannot be written is refused', async () => {
  await writeFile(join(parent, 'data'), '')
  root = join(parent, 'data/below')
  expect(await refusal()).toContain('cannot be written (ENOTDIR)')
})

test('what else is in the directory stays, but data without its mark is refused as damaged', async () => {
  await mkdir(root)
  await writeFile(join(root, 'notes.txt'), 'mine')
  await openDataDirectory(root)
  expect(await readFile(join(root, 'notes.txt'), 'utf8')).toBe('mine')
  await rm(join(root, 'sandkeep.json'))
  await mkdir(join(root, 'postgres'))
  expect(await refusal()).toContain('the data directory is damaged')
})

test('data whose secrets are gone is refused, since new ones could not read it', async () => {
  await openDataDirectory(root)
  await mkdir(join(root, 'postgres/cluster'), { recursive: true })
  expect(await refusal()).toContain('secrets.json is missing')
})

test.each([
  ['{"layout":2}', 'Use the newer Sandkeep'],
  ['{"layout":0}', 'Use the Sandkeep that wrote it'],
  ['', 'sandkeep.json is damaged'],
  ['{}', 'sandkeep.json is damaged'],
])('data marked %j is refused', async (mark, reason) => {
  await openDataDirectory(root)
  await writeFile(join(root, 'sandkeep.json'), mark)
  expect(await refusal()).toContain(reason)
})
