import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { titles } from '@sandkeep/service-kit'
import { listFiles, root } from '../repository.ts'
import { type Declared, findProblems } from './find-problems.ts'

/** A code with all that its declarations say. */
export interface RegisteredProblem {
  code: string
  status: number
  title: string
  /** Where it comes from: a service, or every service. */
  from: string
  /** What the error says of itself, when it does. */
  about?: string
  /** The sentences that callers are told. */
  messages: string[]
}

export type Declaration = Declared & { from: string }

/** Every problem code of the repository, by name; faults are codes that nobody could look up. */
export async function readRegistry(): Promise<{ problems: RegisteredProblem[]; faults: string[] }> {
  const files = (await listFiles()).filter((it) => sources.test(it) && !it.endsWith('.test.ts'))
  const found = await Promise.all(
    files.map(async (file) => ({ file, ...findProblems(file, await readFile(join(root, file), 'utf8')) })),
  )
  const declarations = found.flatMap(({ file, declared }) =>
    declared.map((it) => ({ ...it, from: originOf(file) })),
  )
  const { problems, faults } = register(declarations)
  return { problems, faults: [...found.flatMap((it) => it.faults), ...faults] }
}

const sources = /^(services\/[^/]+|libs\/service-kit)\/src\/(?!generated\/).*\.ts$/

const originOf = (file: string) => (file.startsWith('libs/') ? 'every service' : (file.split('/')[1] ?? ''))

/** Brings together what is declared of each code. A code has one status and tells what it means. */
export function register(declarations: Declaration[]): { problems: RegisteredProblem[]; faults: string[] } {
  const byCode = Map.groupBy(declarations, (it) => it.code)
  const faults: string[] = []
  const problems = [...byCode].map(([code, all]): RegisteredProblem => {
    const [status = 0, ...others] = unique(all.map((it) => it.status))
    const messages = unique(all.map((it) => it.message))
    const [about] = unique(all.map((it) => it.about))
    if (!/^[a-z][a-z0-9_]*$/.test(code)) faults.push(`${code}: a code is snake_case`)
    if (others.length > 0)
      faults.push(`${code}: one code has one status, not ${[status, ...others].join(', ')}`)
    if (!titles[status]) faults.push(`${code}: status ${status} has no title`)
    if (messages.length === 0 && !about) faults.push(`${code}: give its error class a docstring`)
    const from = unique(all.map((it) => it.from))
    return {
      code,
      status,
      title: titles[status] ?? '',
      from: from.includes('every service') ? 'every service' : from.sort().join(', '),
      ...(about && { about }),
      messages,
    }
  })
  return { problems: problems.sort((a, b) => (a.code < b.code ? -1 : 1)), faults }
}

const unique = <T>(values: (T | undefined)[]): T[] => [...new Set(values.filter((it) => it !== undefined))]
