import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { refusalOf, StartRefusedError } from '@sandkeep/embedded/parts'
import { readTarget } from './config.ts'
import { promote } from './promote.ts'
import { describeFindings } from './report.ts'

const usage = 'npm run promote -- --to ENV_FILE [--data DIR]   (docs/promote.md)'

function readOptions(args: string[]): { to: string; data: string } {
  const { to, data = 'data' } = parse(args)
  if (to === undefined) throw new StartRefusedError(`Name the file that names the engines.\n${usage}`)
  return { to, data }
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: { to: { type: 'string' }, data: { type: 'string' } } }).values
  } catch (error) {
    throw new StartRefusedError(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
  }
}

async function run({ to, data }: { to: string; data: string }): Promise<number> {
  const startedAt = performance.now()
  const { findings, isEqual, secrets } = await promote(data, await readTarget(to), console.log)
  console.log(describeFindings(findings))
  if (!isEqual) {
    console.log('What differs above did not arrive as it was. The source is untouched; run it again.')
    return 1
  }
  const lines = Object.entries(secrets).map(([name, value]) => `${name}=${value}\n`)
  await writeFile(`${to}.secrets`, lines.join(''), { mode: 0o600, flush: true })
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
  console.log(`Everything arrived, in ${seconds} s. The services need the keys in ${to}.secrets.`)
  return 0
}

try {
  process.exitCode = await run(readOptions(process.argv.slice(2)))
} catch (error) {
  const { message, exitCode } = refusalOf(error)
  console.error(`Nothing was promoted to its end: ${message}`)
  process.exitCode = exitCode
}
