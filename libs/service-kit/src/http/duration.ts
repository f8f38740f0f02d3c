import { errorCodes } from 'fastify'
import type { App } from './app.ts'

/**
 * Gives up what takes longer than `mostMs`, unless its route has a `handlerTimeout` of its own. Fastify's default for
 * all routes would make a signal for each request and abort it at the end, which is three per cent of a write.
 */
export function limitDuration(app: App, mostMs: number): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.handlerTimeout) return done()
    const giveUp = () => {
      if (reply.sent) return
      if (reply.raw.headersSent) reply.raw.destroy()
      else reply.send(new errorCodes.FST_ERR_HANDLER_TIMEOUT(String(mostMs), request.routeOptions.url ?? ''))
    }
    const timer = setTimeout(giveUp, mostMs)
    reply.raw.once('close', () => clearTimeout(timer))
    done()
  })
}
