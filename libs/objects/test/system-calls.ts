import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

export interface SystemCall {
  name: string
  arguments: string
  /** Lines of the trace at which the call began and ended. */
  start: number
  end: number
}

const run = promisify(execFile)
const watched = 'mkdir,mkdirat,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,write'

/** Why system calls cannot be watched here, or null when they can. */
export async function whyNoTrace(): Promise<string | null> {
  try {
    await run('strace', ['-o', '/dev/null', 'true'])
    return null
  } catch (error) {
    return `strace does not run here (apt-get install strace): ${String(error)}`
  }
}

/** Runs a Node script and returns its calls, with file descriptors resolved to paths. */
export async function traceNode(
  output: string,
  script: string,
  ...parameters: string[]
): Promise<SystemCall[]> {
  const node = [process.execPath, script, ...parameters]
  const env = { ...process.env, UV_USE_IO_URING: '0' }
  await run('strace', ['-f', '-y', '-s', '200', '-e', `trace=${watched}`, '-o', output, ...node], { env })
  return parse(await readFile(output, 'utf8'))
}

function parse(trace: string): SystemCall[] {
  const calls: SystemCall[] = []
  const unfinished = new Map<string, SystemCall>()
  for (const [line, text] of trace.split('\n').entries()) {
    const [, resumedBy = '', ending = ''] = /^(\d+) +<\.\.\. \w+ resumed>(.*)/.exec(text) ?? []
    const pending = unfinished.get(resumedBy)
    if (pending) {
      pending.arguments += ending
      pending.end = line
      unfinished.delete(resumedBy)
    }
    const begun = /^(\d+) +(\w+)\((.*)/.exec(text)
    if (!begun) continue
    const [, pid = '', name = '', rest = ''] = begun
    const call = { name, arguments: rest.replace(/ <unfinished \.\.\.>$/, ''), start: line, end: line }
    calls.push(call)
    if (call.arguments !== rest) unfinished.set(pid, call)
  }
  return calls
}
