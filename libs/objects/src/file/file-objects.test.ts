import { readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { tempDirectory } from '@sandkeep/testkit'
import { expect, test } from 'vitest'
import { contentContract } from '../../test/content-contract.ts'
import { byBytes, manyObjectsContract } from '../../test/many-objects-contract.ts'
import { type ObjectsEngine, objectsContract } from '../../test/objects-contract.ts'
import { type Objects, openObjects } from '../index.ts'

async function openTemporary(stack: AsyncDisposableStack): Promise<{ directory: string; objects: Objects }> {
  const directory = await tempDirectory(stack)
  const objects = stack.use(await openObjects(pathToFileURL(directory).href))
  return { directory, objects }
}

async function start(): Promise<ObjectsEngine> {
  const stack = new AsyncDisposableStack()
  const { directory, objects } = await openTemporary(stack)
  return {
    objects,
    leftovers: async () => (await readdir(join(directory, '.staging'))).length,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

objectsContract('file:', start)
manyObjectsContract('file:', start)
contentContract('file:', start)

test('the directory is created, and a relative URL is under the working directory', async () => {
  await using stack = new AsyncDisposableStack()
  const parent = await tempDirectory(stack)
  const before = process.cwd()
  process.chdir(parent)
  stack.defer(() => process.chdir(before))
  const objects = await openObjects('file:./data/objects')
  await objects.put('a/b', Buffer.from('x'))
  expect(await readdir(join(parent, 'data/objects/a'))).toEqual(['b'])
})

test('opening removes what a killed writer left an hour ago, and spares a living one', async () => {
  await using stack = new AsyncDisposableStack()
  const { directory } = await openTemporary(stack)
  const longAgo = new Date(Date.now() - 2 * 3_600_000)
  await writeFile(join(directory, '.staging', 'dead'), 'x')
  await utimes(join(directory, '.staging', 'dead'), longAgo, longAgo)
  await writeFile(join(directory, '.staging', 'alive'), 'x')
  await openObjects(pathToFileURL(directory).href)
  expect(await readdir(join(directory, '.staging'))).toEqual(['alive'])
})

test('a sweep that meets a new upload of the same key never takes it', async () => {
  await using stack = new AsyncDisposableStack()
  const { directory, objects } = await openTemporary(stack)
  const lastWeek = new Date(Date.now() - 7 * 24 * 3_600_000)
  const yesterday = new Date(Date.now() - 24 * 3_600_000)
  for (let round = 0; round < 300; round++) {
    await objects.put('shared', Buffer.from('old'))
    await utimes(join(directory, 'shared'), lastWeek, lastWeek)
    let sweep: Promise<boolean> | undefined
    // The key is asked for between writing and publishing: the sweep starts at that moment.
    const sweepAndName = () => {
      sweep = objects.delete('shared', { ifModifiedBefore: yesterday })
      return 'shared'
    }
    await objects.put(sweepAndName, Buffer.from('new'))
    await sweep
    expect(await objects.stat('shared')).not.toBeNull()
  }
})

test('a folder of several thousand objects is listed in order', async () => {
  await using stack = new AsyncDisposableStack()
  const { directory, objects } = await openTemporary(stack)
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
  await expect(openObjects('ftp://host/bucket')).rejects.toThrow('starts with file: or s3:, not with "ftp:"')
})
