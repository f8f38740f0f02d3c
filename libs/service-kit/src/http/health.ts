import type { App } from './app.ts'

/** What a check found: fine, working with a loss, or of no use. */
export type HealthState = 'up' | 'degraded' | 'down'

export interface Health {
  /** Adds a check. One that throws counts as down; only `down` takes the service out of service. */
  add(name: string, check: () => Promise<HealthState> | HealthState): void
  /** Says that everything is built and migrated. */
  started(): void
  /** Says that this process is about to stop. */
  stopping(): void
  report(): Promise<HealthReport>
}

export interface HealthReport {
  isReady: boolean
  isStarted: boolean
  checks: Record<string, HealthState>
}

const longestCheckMs = 2_000

export function createHealth(): Health {
  const checks = new Map<string, () => Promise<HealthState> | HealthState>()
  let phase: 'starting' | 'running' | 'stopping' = 'starting'
  return {
    add: (name, check) => void checks.set(name, check),
    started() {
      if (phase === 'starting') phase = 'running'
    },
    stopping() {
      phase = 'stopping'
    },
    async report() {
      const names = [...checks.keys()]
      const states = await Promise.all([...checks.values()].map(stateOf))
      return {
        isReady: phase === 'running' && !states.includes('down'),
        isStarted: phase !== 'starting',
        checks: Object.fromEntries(names.map((name, i) => [name, states[i] ?? 'down'])),
      }
    },
  }
}

async function stateOf(check: () => Promise<HealthState> | HealthState): Promise<HealthState> {
  const { promise, resolve } = Promise.withResolvers<HealthState>()
  const timer = setTimeout(() => resolve('down'), longestCheckMs)
  try {
    return await Promise.race([check(), promise])
  } catch {
    return 'down'
  } finally {
    clearTimeout(timer)
  }
}

/** `/livez` (the process answers), `/startupz` (it is built), `/readyz` (it can be given work), `/metrics`. */
export function healthRoutes(
  app: App,
  health: Health,
  metrics: { contentType: string; metrics(): Promise<string> },
): void {
  const hidden = { auth: 'public', schema: { hide: true } } as const
  app.route({
    method: 'GET',
    url: '/livez',
    operation: 'livez',
    ...hidden,
    handler: async () => ({ status: 'up' }),
  })
  app.route({
    method: 'GET',
    url: '/startupz',
    operation: 'startupz',
    ...hidden,
    handler: async (_request, reply) => {
      const { isStarted } = await health.report()
      return reply.code(isStarted ? 200 : 503).send({ status: isStarted ? 'up' : 'starting' })
    },
  })
  app.route({
    method: 'GET',
    url: '/readyz',
    operation: 'readyz',
    ...hidden,
    handler: async (_request, reply) => {
      const { isReady, checks } = await health.report()
      return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'up' : 'down', checks })
    },
  })
  app.route({
    method: 'GET',
    url: '/metrics',
    operation: 'metrics',
    ...hidden,
    handler: async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()),
  })
}
