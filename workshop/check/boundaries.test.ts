import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listFiles, root } from '../repository.ts'
import { execute } from './stage.ts'

const tagOf: Record<string, string> = { libs: 'lib', services: 'service' }

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boundaries-'))
  await write('package.json', await readFile(join(root, 'package.json'), 'utf8'))
  await write('turbo.json', await readFile(join(root, 'turbo.json'), 'utf8'))
  await write('pnpm-workspace.yaml', 'packages: [libs/*, services/*]\n')
  await write('pnpm-lock.yaml', "lockfileVersion: '9.0'\nimporters:\n  .: {}\n")
})

afterAll(() => rm(folder, { recursive: true }))

test('every lib and service carries the tag that the rules speak of', async () => {
  const packages = (await listFiles()).filter((it) => /^(libs|services)\/[^/]+\/package\.json$/.test(it))
  for (const file of packages) {
    const turbo: unknown = JSON.parse(await readFile(join(root, dirname(file), 'turbo.json'), 'utf8'))
    expect([file, turbo]).toMatchObject([file, { tags: [tagOf[file.split('/')[0] ?? '']] }])
  }
})

test.each([
  ['services/one', 'services/two'],
  ['libs/one', 'services/two'],
])('%s must not import %s', async (from, to) => {
  await importing(from, to)
  const { code, output } = await execute(['turbo', 'boundaries'], { cwd: folder })
  expect(code).not.toBe(0)
  expect(output).toContain('denylist for `one`: `service`')
})

test('a service may import a lib', async () => {
  await importing('services/one', 'libs/two')
  const { code, output } = await execute(['turbo', 'boundaries'], { cwd: folder })
  expect([code, output]).toEqual([0, expect.stringContaining('no issues found')])
})

async function importing(from: string, to: string): Promise<void> {
  for (const it of ['libs', 'services']) await rm(join(folder, it), { recursive: true, force: true })
  await addPackage(to, 'two', {})
  await addPackage(from, 'one', { two: 'workspace:*' })
  await write(`${from}/src/index.ts`, "import 'two'\n")
}

async function addPackage(path: string, name: string, dependencies: Record<string, string>): Promise<void> {
  await write(
    `${path}/package.json`,
    JSON.stringify({ name, version: '0.0.0', type: 'module', dependencies }),
  )
  await write(
    `${path}/turbo.json`,
    JSON.stringify({ extends: ['//'], tags: [tagOf[path.split('/')[0] ?? '']] }),
  )
  await write(`${path}/src/index.ts`, 'export {}\n')
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), text)
}
