import { join } from 'node:path'
import { tempDirectory } from '@sandkeep/testkit'
import { expect, test } from 'vitest'
import { execute } from '../check/stage.ts'
import { stages } from '../check/stages.ts'
import { listFiles, root } from '../repository.ts'
import { addService } from './add-service.ts'
import { copyRepository, linkDependencies } from './copy-repository.ts'
import { finishService } from './finish-service.ts'
import { parseNames } from './names.ts'

const timeout = 300_000
const folder = 'services/learning-path'
// Of the types only those that the new service can break; all of them take as long as everything else.
const types = [
  'turbo',
  'run',
  'check',
  '--filter',
  '@sandkeep/learning-path',
  '--filter',
  '@sandkeep/contracts',
]
const otherStages = stages.map((it) => it.name).filter((name) => name !== 'types')

test('a new service passes its tests and every check', { timeout }, async () => {
  await using stack = new AsyncDisposableStack()
  const copy = join(await tempDirectory(stack), 'copy')
  await copyRepository(copy)
  const names = parseNames('learning-path', 'step')

  expect(await addService(copy, names)).toContain(`${folder}/src/step/step-routes.ts`)
  await linkDependencies(copy, folder)
  await finishService(copy, names)

  const tests = ['vitest', 'run', '--project', 'embedded', folder, 'libs/contracts']
  const checks = ['node', 'workshop/check.ts', ...otherStages]
  for (const program of [tests, types, checks]) {
    const { code, output } = await execute(program, { cwd: copy })
    expect(code, output).toBe(0)
  }
  expect((await listFiles()).filter((it) => it.includes(folder))).toEqual([])
})

test('a name that is taken is refused and nothing is written', async () => {
  await expect(addService(root, parseNames('identity'))).rejects.toThrow('services/identity exists already')
})
