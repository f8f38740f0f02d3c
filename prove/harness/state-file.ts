import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { z } from 'zod'

/** What a long proof has found so far, kept so that it can go on after an interruption. */
export interface StateFile<T> {
  /** Null when there is none yet. */
  read(): Promise<T | null>
  write(state: T): Promise<void>
}

export function stateFile<T>(path: string, schema: z.ZodType<T>): StateFile<T> {
  return {
    async read() {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null
        throw error
      })
      return text === null ? null : schema.parse(JSON.parse(text))
    },
    async write(state) {
      await mkdir(dirname(path), { recursive: true })
      const temporary = `${path}.tmp`
      await writeFlushed(temporary, `${JSON.stringify(state, null, 2)}\n`)
      await rename(temporary, path)
    },
  }
}

async function writeFlushed(path: string, text: string): Promise<void> {
  await using file = await open(path, 'w')
  await file.writeFile(text)
  await file.sync()
}
