import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Health } from '../http/health.ts'

/** The phases of an orderly end, in their order. */
export const shutdownPhases = ['unready', 'stop-accepting', 'stop-consuming', 'flush', 'close'] as const
export type ShutdownPhase = (typeof shutdownPhases)[number]

export interface Shutdown {
  /** Adds a step to a phase. Steps of one phase run side by side. */
  on(phase: Exclude<ShutdownPhase, 'close'>, step: () => Promise<unknown> | unknown): void
  /** Runs the five phases once, each with its deadline; a failing or slow step does not stop the others. */
  run(): Promise<void>
}

export interface ShutdownOptions {
  log: Logger
  health: Health
  stack: AsyncDisposableStack
  phaseMs: number
}

export function createShutdown({ log, health, stack, phaseMs }: ShutdownOptions): Shutdown {
  const steps = new Map<ShutdownPhase, (() => Promise<unknown> | unknown)[]>(
    shutdownPhases.map((phase) => [phase, []]),
  )
  steps.get('unready')?.push(() => health.stopping())
  steps.get('close')?.push(() => stack.disposeAsync())
  let running: Promise<void> | undefined

  async function runPhase(phase: ShutdownPhase): Promise<void> {
    const deadline = new AbortController()
    const work = Promise.allSettled((steps.get(phase) ?? []).map(async (step) => step()))
    const late = delay(phaseMs, 'late' as const, { signal: deadline.signal }).catch(() => 'late' as const)
    const outcome = await Promise.race([work, late])
    deadline.abort()
    if (outcome === 'late') return log.warn({ phase, phaseMs }, 'shutdown phase took too long')
    for (const it of outcome)
      if (it.status === 'rejected') log.error({ phase, err: it.reason }, 'shutdown step failed')
  }

  async function runAll(): Promise<void> {
    for (const phase of shutdownPhases) await runPhase(phase)
  }

  return {
    on: (phase, step) => void steps.get(phase)?.push(step),
    run: () => (running ??= runAll()),
  }
}
