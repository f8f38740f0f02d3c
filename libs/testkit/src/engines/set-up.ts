import { writeFile } from 'node:fs/promises'
import type { Recipe } from './recipe.ts'
import { recipes } from './recipes.ts'
import { givenEngine } from './sources/given.ts'
import { startAnywhere } from './start-anywhere.ts'

/** How one engine was had, in one run. */
interface SetUp {
  kind: string
  version: string
  /** What it is and where it came from; null where it cannot be had. */
  origin: string | null
  reason?: string
  seconds: number
}

const atOnce = 2

// Fetches and builds every engine that is not in the cache yet, starts each once, and says where each came from.
// Writes the same as JSON to the file of ENGINES_REPORT, and fails where one cannot be had.
const results: SetUp[] = []
// What takes longest is last in the list, and begins first.
const waiting = recipes.toReversed()
await Promise.all(Array.from({ length: atOnce }, work))
const order = ({ kind, version }: SetUp) =>
  recipes.findIndex((it) => it.kind === kind && it.version === version)
results.sort((a, b) => order(a) - order(b))
const report = process.env['ENGINES_REPORT']
if (report) await writeFile(report, JSON.stringify(results, null, 2))
process.exitCode = results.every(({ origin }) => origin !== null) ? 0 : 1

async function work(): Promise<void> {
  for (let recipe = waiting.shift(); recipe !== undefined; recipe = waiting.shift()) {
    const result = await setUp(recipe)
    results.push(result)
    const { kind, version, seconds, origin, reason } = result
    const told = origin ?? `not to be had: ${reason}`
    process.stdout.write(`${`${kind} ${version}`.padEnd(16)} ${seconds.toFixed(1).padStart(6)} s  ${told}\n`)
  }
}

async function setUp(recipe: Recipe): Promise<SetUp> {
  const { kind, version } = recipe
  const started = performance.now()
  const seconds = () => (performance.now() - started) / 1000
  try {
    await using engine = givenEngine(kind) ?? (await startAnywhere(recipe))
    return { kind, version, origin: engine.origin, seconds: seconds() }
  } catch (error) {
    return { kind, version, origin: null, reason: String(error), seconds: seconds() }
  }
}
