import fs from 'node:fs'
import promises, { type FileHandle } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { dirname } from 'node:path'
import type { FileCallKind } from './file-call.ts'

// `node --import` this file: it writes down what the process asks of Node's file module, in the order of asking and
// answering, to the file that RECORD_FILE_CALLS names.
const { writeSync } = fs
const output = fs.openSync(process.env['RECORD_FILE_CALLS'] ?? '', 'w')
let count = 0

const note = (entry: object): void => {
  writeSync(output, `${JSON.stringify(entry)}\n`)
}

/** Records a call that makes one or, for a folder with its parents, several changes. */
async function recorded<T>(kind: FileCallKind, path: string, work: () => Promise<T>): Promise<T> {
  const id = ++count
  note({ id, kind, path })
  try {
    const result = await work()
    note({ id, ok: true })
    return result
  } catch (error) {
    note({ id, ok: false })
    throw error
  }
}

const { mkdir, open, rename, link, unlink } = promises

async function recordedOpen(...args: Parameters<typeof open>): Promise<FileHandle> {
  const handle = await open(...args)
  const path = String(args[0])
  const sync = handle.sync.bind(handle)
  const datasync = handle.datasync.bind(handle)
  handle.sync = () => recorded('flush', path, sync)
  handle.datasync = () => recorded('flush', path, datasync)
  return handle
}

async function recordedMkdir(...[path, options]: Parameters<typeof mkdir>): Promise<string | undefined> {
  const id = ++count
  const created = await mkdir(path, options)
  if (created === undefined) return created
  for (let at = String(path); ; at = dirname(at)) {
    note({ id: `${id} ${at}`, kind: 'make-directory', path: at })
    note({ id: `${id} ${at}`, ok: true })
    if (at === created) return created
  }
}

function recordedWriteSync(fd: number, ...rest: [string]): number {
  if (fd === 1) {
    const id = ++count
    note({ id, kind: 'say', path: String(rest[0]).trimEnd() })
    note({ id, ok: true })
  }
  return writeSync(fd, ...rest)
}

Object.assign(promises, {
  open: recordedOpen,
  mkdir: recordedMkdir,
  rename: (from: string, to: string) => recorded('rename', to, () => rename(from, to)),
  link: (from: string, to: string) => recorded('link', to, () => link(from, to)),
  unlink: (path: string) => recorded('unlink', path, () => unlink(path)),
})
Object.assign(fs, { writeSync: recordedWriteSync })
syncBuiltinESMExports()
