import { expect, test } from 'vitest'
import { rows } from './rows.ts'
import { portTable, type Run } from './table.ts'

const engines = rows
  .flatMap(({ engine }) => (engine ? [engine] : []))
  .map((engine) => ({ ...engine, origin: `${engine.kind} ${engine.version}.1, package of a test` }))

/** A run in which every row has one test that passed. */
function completeRun(): Run {
  const reports = new Map(rows.map(({ stage }) => [stage, { testResults: [] as ReturnType<typeof file>[] }]))
  for (const row of rows) {
    for (const start of row.files)
      reports.get(row.stage)?.testResults.push(file(`${start}x.test.ts`, row.title))
  }
  return { directory: '/repo', engines, reports }
}

const file = (name: string, title = '') => ({
  name: `/repo/${name}`,
  status: 'passed',
  assertionResults: [{ fullName: `${title} a test`, status: 'passed' }],
})

const lineOf = (run: Run, adapter: string, port = 'objects') =>
  portTable(run).find(({ cells }) => cells[0] === port && cells[1] === adapter)

test('a run in which everything passed holds, and names each engine with its source', () => {
  const run = completeRun()
  expect(portTable(run).filter(({ holds }) => !holds)).toEqual([])
  expect(lineOf(run, 's3:')?.cells).toEqual(['objects', 's3:', 's3 1.8.1, package of a test', '1 passed'])
})

test('an engine that could not be had shows as not run, with the reason, and fails', () => {
  const run = completeRun()
  const without = engines.map((it) => (it.kind === 's3' ? { ...it, origin: null, reason: 'no Go' } : it))
  expect(lineOf({ ...run, engines: without }, 's3:')).toMatchObject({
    cells: ['objects', 's3:', 's3 1.8', 'not run: no Go'],
    holds: false,
  })
})

test('a stage that left no report shows as not run, and fails', () => {
  const run = completeRun()
  run.reports.delete('engines')
  expect(lineOf(run, 's3:')).toMatchObject({ holds: false })
  expect(lineOf(run, 's3:')?.cells[3]).toMatch(/^not run/)
  expect(lineOf(run, 'file:')).toMatchObject({ holds: true })
})

test('a file that broke before its tests counts as a failure', () => {
  const run = completeRun()
  const broken = { name: '/repo/libs/objects/src/s3/y.test.ts', status: 'failed', assertionResults: [] }
  run.reports.get('engines')?.testResults.push(broken)
  expect(lineOf(run, 's3:')).toMatchObject({ holds: false })
  expect(lineOf(run, 's3:')?.cells[3]).toBe('1 passed, 1 failed')
})

test('an engine that no adapter is held to is told, and fails', () => {
  const run = completeRun()
  const more = [...engines, { kind: 'sphinx', version: '9', origin: 'Sphinx 9' }]
  expect(portTable({ ...run, engines: more }).at(-1)).toMatchObject({ holds: false })
})
