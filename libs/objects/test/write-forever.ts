import { writeSync } from 'node:fs'
import { Readable } from 'node:stream'
import { openObjects } from '../src/index.ts'

/** Writes objects until it is killed, and says each key on standard output once it is stored. */
const [url = '', prefix = '', sizeBytes = '200000'] = process.argv.slice(2)
const objects = await openObjects(url)
async function write(writer: number): Promise<void> {
  for (let i = 0; ; i++) {
    const key = `${prefix}/${writer}-${i}`
    await objects.put(key, Readable.from([Buffer.alloc(Number(sizeBytes), key)]))
    writeSync(1, `${key}\n`)
  }
}
await Promise.all([0, 1, 2, 3].map(write))
