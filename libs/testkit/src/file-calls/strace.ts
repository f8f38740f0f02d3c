import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { FileCall, FileCallKind } from './file-call.ts'

const run = promisify(execFile)

const kinds: Record<string, FileCallKind> = {
  mkdir: 'make-directory',
  mkdirat: 'make-directory',
  fsync: 'flush',
  fdatasync: 'flush',
  rename: 'rename',
  renameat: 'rename',
  renameat2: 'rename',
  link: 'link',
  linkat: 'link',
  unlink: 'unlink',
  unlinkat: 'unlink',
  write: 'say',
}

/** Whether the kernel's own answer to "what did it call" can be had here. */
export const canStrace = (): Promise<boolean> =>
  run('strace', ['-o', '/dev/null', 'true']).then(
    () => true,
    () => false,
  )

/** The system calls of a Node script, by strace. */
export async function straceNode(output: string, script: string, parameters: string[]): Promise<FileCall[]> {
  const node = [process.execPath, script, ...parameters]
  const env = { ...process.env, UV_USE_IO_URING: '0' }
  const watched = `trace=${Object.keys(kinds).join(',')}`
  await run('strace', ['-f', '-y', '-s', '4096', '-e', watched, '-o', output, ...node], { env })
  return parse(await readFile(output, 'utf8'))
}

interface RawCall {
  name: string
  text: string
  start: number
  end: number
}

/** Of a call that others interrupt, strace writes the beginning on one line and the end on a later one. */
function parse(trace: string): FileCall[] {
  const calls: RawCall[] = []
  const unfinished = new Map<string, RawCall>()
  for (const [line, text] of trace.split('\n').entries()) {
    const [, resumedBy = '', ending = ''] = /^(\d+) +<\.\.\. \w+ resumed>(.*)/.exec(text) ?? []
    const pending = unfinished.get(resumedBy)
    if (pending) {
      pending.text += ending
      pending.end = line
      unfinished.delete(resumedBy)
    }
    const [, pid = '', name, rest = ''] = /^(\d+) +(\w+)\((.*)/.exec(text) ?? []
    if (name === undefined) continue
    const call = { name, text: rest.replace(/ <unfinished \.\.\.>$/, ''), start: line, end: line }
    calls.push(call)
    if (call.text !== rest) unfinished.set(pid, call)
  }
  return calls.flatMap(toFileCall)
}

function toFileCall({ name, text, start, end }: RawCall): FileCall[] {
  const kind = kinds[name]
  if (!kind || (kind === 'say' && !text.startsWith('1<'))) return []
  const path = kind === 'flush' ? /^\d+<(.*?)>/.exec(text)?.[1] : [...text.matchAll(/"([^"]*)"/g)].at(-1)?.[1]
  return path === undefined
    ? []
    : [{ kind, path: path.replace(/\\n$/, ''), ok: !/= -1 /.test(text), start, end }]
}
