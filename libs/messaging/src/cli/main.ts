import { hostname, userInfo } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { type Database, openPostgres } from '@sandkeep/postgres'
import { pino } from 'pino'
import type { Bus } from '../bus.ts'
import { openBus } from '../open-bus.ts'
import { type Tools, UsageError } from './command.ts'
import { run } from './run.ts'

const busTimeoutMs = 10_000
const stack = new AsyncDisposableStack()
const stop = new AbortController()
process.once('SIGINT', () => stop.abort())

function variable(name: string): string {
  const value = process.env[name]
  if (!value) throw new UsageError(`${name} is not set; see npm run events -- --help`)
  return value
}

function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined
  return () => (opened ??= open())
}

async function untilUp(bus: Bus): Promise<void> {
  for (const deadline = Date.now() + busTimeoutMs; bus.status() !== 'up'; await delay(50)) {
    if (Date.now() > deadline) throw new UsageError('the bus that BUS_URL names does not answer')
  }
}

const tools: Tools = {
  print: (line) => console.log(line),
  db: once(async (): Promise<Database> => {
    return stack.use(await openPostgres({ url: variable('DATABASE_URL'), max: 2, applicationName: 'events' }))
  }),
  bus: once(async (): Promise<Bus> => {
    const log = pino({ level: 'warn' }, pino.destination(2))
    const bus = stack.use(await openBus(variable('BUS_URL'), { log, name: 'events' }))
    bus.resume()
    await untilUp(bus)
    return bus
  }),
  stop: stop.signal,
  operator: `${userInfo().username}@${hostname()}`,
}

try {
  await run(process.argv.slice(2), tools)
} catch (error) {
  console.error(`events: ${error instanceof Error ? error.message : error}`)
  process.exitCode = error instanceof UsageError ? 2 : 1
} finally {
  await stack.disposeAsync()
}
