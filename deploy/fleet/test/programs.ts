import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

export type Program = ChildProcessByStdio<null, Readable, Readable>

/** Starts a program of `deploy/` as a process of its own. */
export function startProgram(path: string, args: string[], env: Record<string, string> = {}): Program {
  const program = fileURLToPath(new URL(`../../${path}`, import.meta.url))
  return spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Runs it to its end; answers its exit code and all that it wrote. */
export async function runProgram(path: string, args: string[], env: Record<string, string> = {}) {
  const child = startProgram(path, args, env)
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: child.exitCode, text: out + errors }
}
