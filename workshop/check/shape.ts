import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseSync, Visitor } from 'oxc-parser'
import { listFiles, root } from '../repository.ts'
import type { Stage } from './stage.ts'

export type Measured = { name: string; lines: number }

/** Tells how long files and functions are; nothing fails on it, so that the tail is seen and judged by people. */
export const shape: Stage = {
  name: 'shape',
  run: async () => {
    const files = (await listFiles()).filter((it) => it.endsWith('.ts') && !it.endsWith('.d.ts'))
    const sources = await Promise.all(
      files.map(async (name) => ({ name, text: await readFile(join(root, name), 'utf8') })),
    )
    const [tests, code] = [sources.filter((it) => isTest(it.name)), sources.filter((it) => !isTest(it.name))]
    const rows = [
      describe('files', code.map(measureFile)),
      describe('functions', code.flatMap(measureFunctions)),
      describe('test files', tests.map(measureFile)),
    ]
    return { ok: true, summary: `${sources.length} files of TypeScript`, details: rows.join('\n') }
  },
}

type Source = { name: string; text: string }

const isTest = (name: string) => name.endsWith('.test.ts') || name.includes('/test/')

function measureFile({ name, text }: Source): Measured {
  return { name, lines: text.trimEnd().split('\n').length }
}

/** The length of every function of a file, nested ones included. */
export function measureFunctions({ name, text }: Source): Measured[] {
  const found: Measured[] = []
  const measure = (node: { start: number; end: number; id?: { name: string } | null }) => {
    const line = countLines(text.slice(0, node.start))
    const lines = countLines(text.slice(node.start, node.end))
    found.push({ name: `${name}:${line}${node.id ? ` ${node.id.name}` : ''}`, lines })
  }
  new Visitor({
    FunctionDeclaration: measure,
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
  }).visit(parseSync(name, text).program)
  return found
}

const countLines = (text: string) => text.split('\n').length

function describe(what: string, measured: Measured[]): string {
  const sorted = measured.toSorted((a, b) => b.lines - a.lines)
  const at = (share: number) => sorted[Math.floor(sorted.length * (1 - share))]?.lines ?? 0
  const largest = sorted.slice(0, 3).map((it) => `${it.lines} ${it.name}`)
  return `${what}: ${sorted.length}, median ${at(0.5)}, p90 ${at(0.9)}, largest ${largest.join(', ')}`
}
