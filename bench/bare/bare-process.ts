import Fastify from 'fastify'
import pg from 'pg'
import { identityRoutes } from './identity-routes.ts'
import { sandboxRoutes } from './sandbox-routes.ts'

export type BareMessage = { port: number } | { cpuMicros: number }

// What a plain Fastify app with the same pool makes of the same statements: no checks, no ids, no limits, no metrics.
const { BARE_DATABASE_URL: connectionString, BARE_CONNECTIONS } = process.env
const pool = new pg.Pool({ connectionString, max: Number(BARE_CONNECTIONS) })
const app = Fastify()
identityRoutes(app, pool)
sandboxRoutes(app, pool)
await app.listen({ host: '127.0.0.1', port: 0 })

const tell = (message: BareMessage) => process.send?.(message)
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  tell({ cpuMicros: user + system })
})
process.on('disconnect', () => process.exit())
tell({ port: Number(new URL(app.listeningOrigin).port) })
