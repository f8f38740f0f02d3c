import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const main = join(import.meta.dirname, '../src/main.ts')

export interface SandkeepProcess {
  child: ChildProcess
  /** What it wrote so far, on standard output and standard error. */
  written(): string
  /** Where its gateway answers, once it said so. Throws with what it wrote when it ends before. */
  url(): Promise<string>
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | string>
}

/** `npm start` as a process of its own, on a data directory and, unless told, a free port. */
export function startProcess(dataDirectory: string, env: Record<string, string> = {}): SandkeepProcess {
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, PORT: '0', DATA_DIR: dataDirectory, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal)
  const started = Promise.withResolvers<string>()
  let text = ''
  const keep = (chunk: Buffer) => {
    text += chunk
    const url = /runs at (http:\S+)/.exec(text)?.[1]
    if (url !== undefined) started.resolve(url)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  void ended.then(() => started.reject(new Error(`it did not start: ${text}`)))
  started.promise.catch(() => {})
  return { child, ended, written: () => text, url: () => started.promise }
}

/** Runs it to its end, which must come by itself. */
export async function runToEnd(dataDirectory: string, env: Record<string, string> = {}) {
  const it = startProcess(dataDirectory, env)
  return { code: await it.ended, text: it.written() }
}
