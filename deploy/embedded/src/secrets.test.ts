import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSecrets } from './secrets.ts'

let directory = ''

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'secrets-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

test('a secret is made once and kept', async () => {
  const first = await openSecrets(join(directory, 'secrets.json'))
  const made = first.get('service')
  await first.save()
  const second = await openSecrets(join(directory, 'secrets.json'))
  expect(second.get('service')).toBe(made)
  expect(second.get('other')).not.toBe(made)
  expect(made).toMatch(/^[\w-]{43}$/)
})

test('only the owner can read the file', async () => {
  const secrets = await openSecrets(join(directory, 'secrets.json'))
  secrets.get('service')
  await secrets.save()
  const { mode } = await stat(join(directory, 'secrets.json'))
  expect(mode & 0o777).toBe(0o600)
})

test('a damaged file is refused, not replaced', async () => {
  await writeFile(join(directory, 'secrets.json'), '{"service":"short"}')
  await expect(openSecrets(join(directory, 'secrets.json'))).rejects.toThrow('secrets.json is damaged')
})
