import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { byBytes, objectsContract } from '../../test/objects-contract.ts'
import { openObjects } from '../index.ts'

async function temporaryDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'sandkeep-objects-'))
}

objectsContract('file:', async () => {
  const directory = await temporaryDirectory()
  const objects = await openObjects(pathToFileURL(directory).href)
  return {
    objects,
    leftovers: async () => (await readdir(join(directory, '.staging'))).length,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  }
})

test('the directory is created, and a relative URL is under the working directory', async () => {
  const parent = await temporaryDirectory()
  onTestFinished(() => rm(parent, { recursive: true }))
  const before = process.cwd()
  process.chdir(parent)
  onTestFinished(() => process.chdir(before))
  await using objects = await openObjects('file:./data/objects')
  await objects.put('a/b', Buffer.from('x'))
  expect(await readdir(join(parent, 'data/objects/a'))).toEqual(['b'])
})

test('opening removes what a killed writer left an hour ago, and spares a living one', async () => {
  const directory = await temporaryDirectory()
  onTestFinished(() => rm(directory, { recursive: true }))
  await openObjects(pathToFileURL(directory).href)
  const longAgo = new Date(Date.now() - 2 * 3_600_000)
  await writeFile(join(directory, '.staging', 'dead'), 'x')
  await utimes(join(directory, '.staging', 'dead'), longAgo, longAgo)
  await writeFile(join(directory, '.staging', 'alive'), 'x')
  await openObjects(pathToFileURL(directory).href)
  expect(await readdir(join(directory, '.staging'))).toEqual(['alive'])
})

test('a folder of several thousand objects is listed in order', async () => {
  const directory = await temporaryDirectory()
  onTestFinished(() => rm(directory, { recursive: true }))
  const objects = await openObjects(pathToFileURL(directory).href)
  await objects.put('many/first', Buffer.from('x'))
  const names = Array.from({ length: 4_500 }, (_, i) => `n${i}`)
  for (const name of names) await writeFile(join(directory, 'many', name), '')
  const listed: string[] = []
  for (let after = 'many/first'; listed.length < 4_500; ) {
    const page = await objects.list('many/', { after, limit: 700 })
    listed.push(...page.items.map((it) => it.key))
    after = page.nextAfter ?? ''
  }
  expect(listed).toEqual(names.map((it) => `many/${it}`).sort(byBytes))
})

test('a URL of an unknown kind is refused by name', async () => {
  await expect(openObjects('ftp://host/bucket')).rejects.toThrow('starts with file:, not with "ftp:"')
})
