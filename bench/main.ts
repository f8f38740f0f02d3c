import { benchAdapters } from './adapters/bench-adapters.ts'
import type { Bench } from './harness/bench.ts'
import { createGoals } from './harness/goals.ts'
import { optionsHelp, readOptions } from './harness/options.ts'
import { benchHttp } from './http/bench-http.ts'
import { benchMessaging } from './messaging/bench-messaging.ts'
import { benchUsers } from './users/bench-users.ts'

const benches: Record<string, Bench> = {
  users: benchUsers,
  http: benchHttp,
  adapters: benchAdapters,
  messaging: benchMessaging,
}

const [name = '', ...args] = process.argv.slice(2)
const bench = benches[name]
const options = bench ? readOptions(args) : null
if (bench && options) {
  const goals = createGoals(console.log)
  await bench.run(options, goals)
  const missed = goals.missed()
  console.log(missed.length === 0 ? '\nevery goal met' : `\nmissed: ${missed.join(', ')}`)
  process.exitCode = missed.length === 0 ? 0 : 1
} else {
  const lines = Object.entries(benches).map(([key, { summary }]) => `  ${key.padEnd(14)} ${summary}`)
  console.log(`npm run bench -- BENCH [options]\n\n${lines.join('\n')}\n\n${optionsHelp}`)
  process.exitCode = bench || name === '' || name === '--help' ? 0 : 2
}
