import { randomBytes } from 'node:crypto'
import { chmod, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { StartRefusedError } from './start-refused-error.ts'

export interface Secrets {
  /** The secret of that name (43 characters from 32 random bytes): made the first time it is asked for, kept after. */
  get(name: string): string
  /** Writes what was made since the file was read. Call it before a secret is used. */
  save(): Promise<void>
}

const fileSchema = z.record(z.string(), z.string().min(43))

/** Opens a file of secrets, which need not exist yet. Only its owner can read it. */
export async function openSecrets(path: string): Promise<Secrets> {
  const known = await readKnown(path)
  let isChanged = false
  return {
    get(name) {
      const value = known[name] ?? randomBytes(32).toString('base64url')
      isChanged ||= known[name] === undefined
      known[name] = value
      return value
    },
    async save() {
      if (isChanged) await replaceFile(path, `${JSON.stringify(known, null, 2)}\n`)
      isChanged = false
    },
  }
}

async function readKnown(path: string): Promise<Record<string, string>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}'
    throw error
  })
  try {
    return fileSchema.parse(JSON.parse(text))
  } catch {
    throw new StartRefusedError(
      `${path} is damaged: it must hold a secret of 43 characters under each name. Restore it from a backup, or set DATA_DIR to another directory.`,
    )
  }
}

/** Replaces a file as a whole, flushed before it returns, so that a crash leaves the old one or the new one. */
async function replaceFile(path: string, text: string): Promise<void> {
  const fresh = `${path}.new`
  await using file = await open(fresh, 'w', 0o600)
  await chmod(fresh, 0o600)
  await file.writeFile(text)
  await file.sync()
  await rename(fresh, path)
  await using directory = await open(dirname(path), 'r')
  await directory.sync()
}
