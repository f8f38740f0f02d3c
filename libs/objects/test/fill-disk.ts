import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ObjectsUnavailableError, openObjects } from '../src/index.ts'

/** Fills the given directory's small file system and reports what a writer is told, as JSON. */
const directory = process.argv[2] ?? ''
const objects = await openObjects(pathToFileURL(directory).href)
await objects.put('small', Buffer.from('before'))
const error = await objects.put('large', Buffer.alloc(8 * 1024 * 1024)).catch((it: unknown) => it)
const report = {
  unavailable: error instanceof ObjectsUnavailableError,
  message: String(error),
  leftovers: await readdir(join(directory, '.staging')),
  large: await objects.stat('large'),
  small: (await objects.stat('small'))?.sizeBytes,
}
process.stdout.write(JSON.stringify(report))
