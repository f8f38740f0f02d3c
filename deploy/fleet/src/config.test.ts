import { readFile } from 'node:fs/promises'
import { envTable } from '@sandkeep/service-kit'
import { expect, test } from 'vitest'
import { configSchema } from './config.ts'

test('the README lists the variables as they are', async () => {
  expect(await readFile(`${import.meta.dirname}/../README.md`, 'utf8')).toContain(envTable(configSchema))
})
