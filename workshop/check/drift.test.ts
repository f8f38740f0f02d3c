import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tempDirectory, testDatabase } from '@sandkeep/testkit'
import { expect, test } from 'vitest'
import { root } from '../repository.ts'
import { findDrift, schemaOf } from './drift.ts'

test('a column that only the schema has is found, and named', async () => {
  await using stack = new AsyncDisposableStack()
  const server = stack.use(await testDatabase({ migrations: [] }))
  const changed = join(await tempDirectory(stack), 'schema.prisma')
  const schema = await readFile(join(root, schemaOf('identity')), 'utf8')
  await writeFile(
    changed,
    schema.replace(/^model User \{$/m, 'model User {\n  shoeSize Int? @map("shoe_size")'),
  )

  const problems = await findDrift('identity', server.adminUrl, changed)

  expect(problems).toEqual([expect.stringContaining('shoe_size')])
})
