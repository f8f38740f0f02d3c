import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AnyDefinition } from '../documents.ts'
import type { AppliedMigration } from './shape.ts'

/** A file that says what a collection is from then on, in full. */
export interface Migration extends AppliedMigration {
  definition: AnyDefinition
}

const fileName = /^\d{14}_[a-z0-9_]+\.json$/

/** Reads every `<time>_<what>.json`, in the order of their names. */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.json')).sort()
  return Promise.all(names.map((name) => readMigration(directory, name)))
}

async function readMigration(directory: string, file: string): Promise<Migration> {
  if (!fileName.test(file)) {
    throw new Error(`the migration ${file} of documents must be named like 20261125120000_add_notes.json`)
  }
  const text = await readFile(join(directory, file), 'utf8')
  const definition: AnyDefinition = JSON.parse(text)
  const checksum = createHash('sha256').update(text).digest('hex')
  return { name: file.slice(0, -'.json'.length), checksum, definition }
}
