import { parseArgs } from 'node:util'
import { runStages } from './check/run-stages.ts'
import { stages } from './check/stages.ts'

const { positionals, values } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean' } } })
const unknown = positionals.filter((name) => !stages.some((it) => it.name === name))

if (values.help || unknown.length > 0) {
  if (unknown.length > 0) console.error(`check: no stage is named ${unknown.join(', ')}`)
  console.log(`usage: npm run check [-- STAGE…]\nstages: ${stages.map((it) => it.name).join(' ')}`)
  process.exitCode = unknown.length > 0 ? 2 : 0
} else {
  const chosen = stages.filter((it) => positionals.length === 0 || positionals.includes(it.name))
  const failed = await runStages(chosen, console.log)
  console.log(
    failed.length === 0 ? `check passed: ${chosen.length} stages` : `check failed: ${failed.join(', ')}`,
  )
  process.exitCode = failed.length === 0 ? 0 : 1
}
