import { join } from 'node:path'
import { tempDirectory } from '@sandkeep/testkit'
import { expect, test } from 'vitest'
import { execute } from '../check/stage.ts'
import { listFiles } from '../repository.ts'
import { addService } from './add-service.ts'
import { copyRepository, linkDependencies } from './copy-repository.ts'
import { finishService } from './finish-service.ts'
import { parseNames } from './names.ts'

const minuteMs = 60_000

test('a new service passes its tests and every check', { timeout: 5 * minuteMs }, async () => {
  await using stack = new AsyncDisposableStack()
  const before = await listFiles()
  const copy = join(await tempDirectory(stack), 'copy')
  await copyRepository(copy)
  const names = parseNames('learning-path', 'step')

  const files = await addService(copy, names)
  await linkDependencies(copy, 'services/learning-path')
  await finishService(copy, names)

  expect(files).toContain('services/learning-path/src/step/step-routes.ts')
  const where = { cwd: copy }
  const tests = ['vitest', 'run', '--project', 'embedded', 'services/learning-path', 'libs/contracts']
  expect(await execute(tests, where)).toMatchObject({ code: 0 })
  expect(await execute(['node', 'workshop/check.ts'], where)).toMatchObject({
    code: 0,
    output: expect.stringContaining('check passed'),
  })
  expect(await listFiles()).toEqual(before)
})

test('a name that is taken is refused and nothing is written', async () => {
  await expect(addService(join(import.meta.dirname, '../..'), parseNames('identity'))).rejects.toThrow(
    'services/identity exists already',
  )
})
