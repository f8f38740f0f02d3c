import type { App } from './app.ts'

const pauseMs = 50

/**
 * Lets a close end as soon as the last answer is out. Node hangs up only what is idle when the close begins; a
 * connection that was in use then, and is kept alive, would hold the close up until its client lets go.
 */
export function hangUpWhenClosing(app: App): void {
  const { server } = app
  app.addHook('preClose', (done) => {
    if (server.listening) {
      const timer = setInterval(() => server.closeIdleConnections(), pauseMs)
      server.once('close', () => clearInterval(timer))
    }
    done()
  })
}
