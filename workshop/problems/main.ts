import { parseArgs } from 'node:util'
import { problems, writeProblems } from './problems.ts'

// Writes the pages of problem codes; with --check only tells whether they are as the code says.
const { values } = parseArgs({ options: { check: { type: 'boolean' } } })
const faults = values.check ? await check() : await writeProblems()
for (const fault of faults) console.error(`problems: ${fault}`)
process.exitCode = faults.length === 0 ? 0 : 1

async function check(): Promise<string[]> {
  const verdict = await problems.run()
  return verdict.ok ? [] : [verdict.details ?? verdict.summary]
}
