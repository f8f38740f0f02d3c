import type { FastifyInstance } from 'fastify'
import { Gauge, Histogram, type Registry } from 'prom-client'

/** Counts and times every request by method, route template and status. */
export function measureRequests(app: FastifyInstance, registry: Registry): void {
  const seconds = new Histogram({
    name: 'http_request_seconds',
    help: 'Time from the first byte of a request to the last of its answer',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  })
  const series = new Map<string, { observe(value: number): void }>()
  app.addHook('onResponse', (request, reply, done) => {
    const { method } = request
    const route = request.routeOptions.url ?? 'none'
    const name = `${method} ${route} ${reply.statusCode}`
    const one = series.get(name) ?? seconds.labels(method, route, String(reply.statusCode))
    series.set(name, one)
    one.observe(reply.elapsedTime / 1_000)
    done()
  })
}

/** Shows how many requests are handled and how many wait for that. */
export function measureConcurrency(registry: Registry, places: { running: number; waiting: number }): void {
  gaugeOf(registry, {
    name: 'http_requests_in_flight',
    help: 'Requests that are handled, and that wait to be',
    read: () => ({ running: places.running, waiting: places.waiting }),
  })
}

/** Shows the connections of a pool, busy and idle, and how many callers wait for one. */
export function measurePool(
  registry: Registry,
  stats: () => { total: number; idle: number; waiting: number },
): void {
  gaugeOf(registry, {
    name: 'postgres_pool_connections',
    help: 'Connections of the pool that are busy and idle, and callers that wait for one',
    read: () => {
      const { total, idle, waiting } = stats()
      return { busy: total - idle, idle, waiting }
    },
  })
}

/** A gauge whose values are read when somebody looks. */
function gaugeOf(
  registry: Registry,
  { name, help, read }: { name: string; help: string; read: () => Record<string, number> },
): void {
  const gauge = new Gauge({
    name,
    help,
    labelNames: ['state'] as const,
    registers: [registry],
    collect: () => {
      for (const [state, value] of Object.entries(read())) gauge.set({ state }, value)
    },
  })
}
