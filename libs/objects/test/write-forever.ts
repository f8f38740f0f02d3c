import { writeSync } from 'node:fs'
import { openObjects } from '../src/index.ts'

/** Writes objects until it is killed, and says each key on standard output once it is stored. */
const [url = '', prefix = ''] = process.argv.slice(2)
const objects = await openObjects(url)
async function write(writer: number): Promise<void> {
  for (let i = 0; ; i++) {
    const key = `${prefix}/${writer}-${i}`
    await objects.put(key, Buffer.alloc(200_000, key))
    writeSync(1, `${key}\n`)
  }
}
await Promise.all([0, 1, 2, 3].map(write))
