import { relative } from 'node:path'
import { z } from 'zod'
import { type Row, rows } from './rows.ts'

/** What Vitest's JSON reporter writes, as far as it is needed here. */
export const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
})
export type Report = z.infer<typeof reportSchema>

/** What `npm run engines` writes. */
export const enginesSchema = z.array(
  z.object({
    kind: z.string(),
    version: z.string(),
    origin: z.string().nullable(),
    reason: z.string().optional(),
  }),
)
export type Engines = z.infer<typeof enginesSchema>

export interface Line {
  cells: [port: string, adapter: string, engine: string, result: string]
  holds: boolean
}

export interface Run {
  /** The root of the repository that the tests ran in. */
  directory: string
  engines: Engines
  /** By stage; one that did not come to its end has none. */
  reports: Map<string, Report>
}

/** One line for each adapter on each version of its engine, and one for each engine that no adapter is held to. */
export function portTable(run: Run): Line[] {
  const unheld = run.engines.filter(
    (it) => !rows.some(({ engine }) => engine?.kind === it.kind && engine.version === it.version),
  )
  return [
    ...rows.map((row) => lineOf(row, run)),
    ...unheld.map(
      ({ kind, version }): Line => ({
        cells: ['?', '?', `${kind} ${version}`, 'not run: no adapter is held to it'],
        holds: false,
      }),
    ),
  ]
}

function lineOf(row: Row, run: Run): Line {
  const engine = run.engines.find(
    ({ kind, version }) => kind === row.engine?.kind && version === row.engine.version,
  )
  const name = row.engine ? (engine?.origin ?? `${row.engine.kind} ${row.engine.version}`) : 'in process'
  const line = (result: string, holds = false): Line => ({
    cells: [row.port, row.adapter, name, result],
    holds,
  })
  if (row.engine && engine?.origin == null) return line(`not run: ${engine?.reason ?? 'it was not set up'}`)
  const { passed, failed } = count(row, run)
  if (failed > 0) return line(`${passed} passed, ${failed} failed`)
  return passed > 0 ? line(`${passed} passed`, true) : line('not run: none of its tests is in the report')
}

/** A file that fails before its tests run counts as one failure. */
function count(row: Row, { directory, reports }: Run): { passed: number; failed: number } {
  const files = (reports.get(row.stage)?.testResults ?? []).filter(({ name }) =>
    row.files.some((start) => relative(directory, name).startsWith(start)),
  )
  const tests = files
    .flatMap((file) => file.assertionResults)
    .filter(({ fullName }) => row.title === undefined || fullName.includes(row.title))
  const broken = files.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  const having = (status: string) => tests.filter((test) => test.status === status).length
  return { passed: having('passed'), failed: having('failed') + broken.length }
}
