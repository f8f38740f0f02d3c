import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { execute } from '../check/stage.ts'
import { root } from '../repository.ts'

const contract = 'identity/v1/events.proto'
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'events-'))
  const source = join(root, 'proto')
  await cp(source, join(folder, 'proto'), { recursive: true, filter: (it) => !it.includes('node_modules') })
  await execute(['buf', 'build', 'proto', '--output', 'before.binpb'], { cwd: folder })
})

afterEach(() => rm(folder, { recursive: true }))

test('another number for a released field is refused', async () => {
  await edit((text) => text.replace('string user_id = 1', 'string user_id = 99'))
  expect(await compare()).toMatchObject({ code: 100, output: expect.stringContaining('field "1"') })
})

test('a released event cannot go', async () => {
  await edit((text) => text.replaceAll('UserRegistered', 'UserJoined'))
  expect(await compare()).toMatchObject({ code: 100, output: expect.stringContaining('UserRegistered') })
})

test('a new field is welcome', async () => {
  await edit((text) => text.replace(/\n}\s*$/, '\n  // A note.\n  string note = 99;\n}'))
  expect(await compare()).toEqual({ code: 0, output: '' })
})

async function edit(change: (text: string) => string): Promise<void> {
  const path = join(folder, 'proto', contract)
  const before = await readFile(path, 'utf8')
  const after = change(before)
  expect(after).not.toBe(before)
  await writeFile(path, after)
}

const compare = () => execute(['buf', 'breaking', 'proto', '--against', 'before.binpb'], { cwd: folder })
