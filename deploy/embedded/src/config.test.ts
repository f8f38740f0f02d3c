import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { envTable } from '@sandkeep/service-kit'
import { expect, test } from 'vitest'
import { configSchema } from './config.ts'

test('the README lists the variables as they are', async () => {
  const readme = await readFile(join(import.meta.dirname, '../README.md'), 'utf8')
  expect(readme).toContain(envTable(configSchema))
})
