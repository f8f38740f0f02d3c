import { spawn } from 'node:child_process'
import { root } from '../repository.ts'

export type Verdict = { ok: boolean; summary: string; details?: string }
export type Stage = { name: string; run: () => Promise<Verdict> }

export type Where = { cwd?: string; env?: Record<string, string> }

/** Runs a program, from the repository's root unless told otherwise, and keeps all it printed. */
export function execute(command: string[], where: Where = {}): Promise<{ code: number; output: string }> {
  const [program = '', ...args] = command
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: where.cwd ?? root,
      env: { ...process.env, NO_COLOR: '1', ...where.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() }))
  })
}

/** A stage that is one command: right when it exits with 0, explained by what it printed when not. */
export function command(
  name: string,
  args: string[],
  summarise: (output: string) => string = () => '',
): Stage {
  return {
    name,
    run: async () => {
      const { code, output } = await execute(args)
      if (code === 0) return { ok: true, summary: summarise(output) }
      return { ok: false, summary: `${args.join(' ')} exited with ${code}`, details: output }
    },
  }
}

/** A stage that looks for problems itself: right when it finds none. */
export function inspect(name: string, find: () => Promise<{ problems: string[]; summary: string }>): Stage {
  return {
    name,
    run: async () => {
      const { problems, summary } = await find()
      if (problems.length === 0) return { ok: true, summary }
      return { ok: false, summary: `${problems.length} found`, details: problems.join('\n') }
    },
  }
}
