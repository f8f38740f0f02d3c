import type { Logger } from 'pino'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { createHealth, type Health } from '../http/health.ts'
import { createShutdown, type Shutdown } from './shutdown.ts'

/** What a service is given to live in: by `runService` in a process of its own, by a profile beside others. */
export interface Host {
  readonly log: Logger
  readonly metrics: Registry
  readonly health: Health
  /** What was opened, closed in reverse order when the service ends. */
  readonly stack: AsyncDisposableStack
  /** What is done before, phase by phase. */
  readonly shutdown: Shutdown
}

export interface HostOptions {
  log: Logger
  /** Longest time for each phase of a shutdown. */
  phaseMs?: number
  /** Whether the registry also tells of the process itself; one service a process does. */
  measuresProcess?: boolean
}

export function createHost({ log, phaseMs = 5_000, measuresProcess = false }: HostOptions): Host {
  const metrics = new Registry()
  if (measuresProcess) collectDefaultMetrics({ register: metrics })
  const stack = new AsyncDisposableStack()
  const health = createHealth()
  return { log, metrics, health, stack, shutdown: createShutdown({ log, health, stack, phaseMs }) }
}
