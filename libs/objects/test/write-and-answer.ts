import { writeSync } from 'node:fs'
import { openObjects } from '../src/index.ts'

/** Writes objects and says so on standard output, for `flush.test.ts` to watch the system calls in between. */
const objects = await openObjects(process.argv[2] ?? '')
const answer = (text: string) => writeSync(1, `${text}\n`)

await objects.put('new/folder/put', Buffer.from('x'))
answer('answered put')
await objects.put('new/folder/absent', Buffer.from('x'), { ifAbsent: true })
answer('answered ifAbsent')
await objects.put('new/folder/absent', Buffer.from('x'), { ifAbsent: true })
answer('answered conflict')
await objects.delete('new/folder/put')
answer('answered delete')
