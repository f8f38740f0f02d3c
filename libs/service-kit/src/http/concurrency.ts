import type { FastifyReply } from 'fastify'
import type { App } from './app.ts'
import { Semaphore } from './semaphore.ts'

const unlimited = new Set(['livez', 'readyz', 'startupz', 'metrics'])
const maxWaitMs = 2_000

/** Handles at most `slots` requests at once and lets as many wait; tells the rest to come again. Health is exempt. */
export function limitConcurrency(app: App, slots: number): Pick<Semaphore, 'running' | 'waiting'> {
  const places = new Semaphore({ name: 'requests', slots, maxWaiting: slots, maxWaitMs })
  app.addHook('onRequest', (request, reply, done) => {
    if (unlimited.has(request.routeOptions.config.operation ?? '')) return done()
    try {
      const waiting = places.enter()
      if (!waiting) return start(reply, places, done)
      waiting.then(() => start(reply, places, done), done)
    } catch (error) {
      done(error as Error)
    }
  })
  return places
}

// `close` comes once for every answer, also when the caller hangs up.
function start(reply: FastifyReply, places: Semaphore, done: () => void): void {
  if (reply.raw.closed) places.leave()
  else reply.raw.once('close', () => places.leave())
  done()
}
