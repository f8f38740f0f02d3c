import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { FileCall, FileCallKind } from './file-call.ts'

const run = promisify(execFile)

interface Entry {
  id: string | number
  kind?: FileCallKind
  path?: string
  ok?: boolean
}

/** What a Node script asks of Node's file module: needs nothing but Node. */
export async function recordNode(output: string, script: string, parameters: string[]): Promise<FileCall[]> {
  const recorder = new URL('./record.ts', import.meta.url).href
  const env = { ...process.env, RECORD_FILE_CALLS: output }
  await run(process.execPath, ['--import', recorder, script, ...parameters], { env })
  const lines = (await readFile(output, 'utf8')).trimEnd().split('\n')
  const entries = lines.map((line): Entry => JSON.parse(line))
  return entries.flatMap(({ id, kind, path }, start) => {
    if (kind === undefined || path === undefined) return []
    const end = entries.findIndex((entry, at) => at > start && entry.id === id)
    return [{ kind, path, ok: entries[end]?.ok ?? false, start, end: end < 0 ? entries.length : end }]
  })
}
