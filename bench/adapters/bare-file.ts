import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { link, mkdir, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { content, newKey, readAll } from './objects-work.ts'
import { inTurn, keys, type OpenWork } from './work.ts'

const bareWork =
  (operation: (root: string) => () => Promise<void>): OpenWork =>
  async ({ url }) => ({ once: operation(fileURLToPath(url)), async [Symbol.asyncDispose]() {} })

/** Flushes the file before it has its name, and the folder once it has. */
export const bareFilePut = bareWork((root) => async () => {
  const staged = join(root, '.staging', randomUUID())
  const file = await open(staged, 'wx', 0o600)
  createHash('sha256').update(content).digest('hex')
  await file.writeFile(content)
  await file.sync()
  await file.close()
  const path = join(root, newKey())
  await mkdir(dirname(path), { recursive: true })
  await link(staged, path)
  const directory = await open(dirname(path), 'r')
  await directory.sync()
  await directory.close()
  await rm(staged, { force: true })
})

export const bareFileGet = bareWork((root) => {
  const nextKey = inTurn(keys, '')
  return () => readAll(createReadStream(join(root, nextKey())))
})
