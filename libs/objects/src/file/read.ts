import { open, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { ByteRange, ObjectStat } from '../objects.ts'
import { unlessMissing } from './errors.ts'

export async function read(path: string, { offset, length }: ByteRange): Promise<Readable | null> {
  const file = await unlessMissing(open(path, 'r'))
  if (!file) return null
  const isFile = (await file.stat()).isFile()
  if (isFile && length !== 0)
    return file.createReadStream({ start: offset, ...(length !== undefined && { end: offset + length - 1 }) })
  await file.close()
  return isFile ? Readable.from([]) : null
}

export async function statFile(path: string): Promise<ObjectStat | null> {
  const info = await unlessMissing(stat(path))
  return info?.isFile() ? { sizeBytes: info.size, modifiedAt: info.mtime } : null
}
