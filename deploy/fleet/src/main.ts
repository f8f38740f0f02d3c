import { loadEnvFile } from 'node:process'
import { createLoggers, openLogStream, refusalOf, runUntilTold } from '@sandkeep/embedded/parts'
import { readConfig } from '@sandkeep/service-kit'
import { configSchema } from './config.ts'
import { greeting } from './greeting.ts'
import { killService } from './kill-service.ts'
import { type FleetCommand, readOptions, usage } from './options.ts'
import { type Fleet, startFleet } from './start-fleet.ts'

async function run(command: FleetCommand): Promise<number> {
  if (command.kind === 'help') {
    console.log(usage)
    return 0
  }
  if (command.kind === 'start') for (const file of command.envFiles) loadEnvFile(file)
  const { LOG_LEVEL, DATA_DIR, PORT } = readConfig(configSchema, process.env)
  if (command.kind === 'kill') {
    console.log(await killService(DATA_DIR, command.service))
    return 0
  }
  const log = openLogStream()
  const { broker } = command
  const env = { ...process.env, DATA_DIR, PORT: String(PORT) }
  const starting = startFleet({ env, broker, log }).then(greet)
  return runUntilTold(starting, {
    log: createLoggers(LOG_LEVEL, log)('fleet'),
    endAtOnce: () => process.exit(130),
  })
}

function greet(fleet: Fleet): Fleet {
  console.log(greeting(fleet, process.uptime() * 1_000))
  return fleet
}

try {
  process.exit(await run(readOptions(process.argv.slice(2))))
} catch (error) {
  const { message, exitCode } = refusalOf(error)
  console.error(`Sandkeep's fleet stopped: ${message}`)
  process.exit(exitCode)
}
