import { once } from 'node:events'
import { createServer } from 'node:http'
import { userRegistered } from '@sandkeep/contracts'
import { type Bus, migrations as messaging, openBus, outbox, startRelay } from '@sandkeep/messaging'
import { type Probe, startProbe } from '@sandkeep/messaging/probe'
import { type App, readConfig } from '@sandkeep/service-kit'
import { createTestHost, createTestTokens, type TestTokens } from '@sandkeep/service-kit/testing'
import { testDatabase } from '@sandkeep/testkit'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { build } from '../src/app.ts'
import { configSchema } from '../src/config.ts'
import { migrations } from '../src/migrations.ts'

const log = pino({ level: 'silent' })

export interface TestService {
  app: App
  tokens: TestTokens
  /** Hears what the service announces. */
  probe: Probe
  /** Announces an account, as identity does. */
  register: (person: { userId: string; username: string }) => Promise<void>
}

/** The whole service on stores of its own, with a stand-in for identity's keys and events. */
export async function startService(stack: AsyncDisposableStack): Promise<TestService> {
  const tokens = await createTestTokens()
  const bus = stack.use(await openBus('memory:', { log, name: 'test' }))
  const { db, url } = stack.use(await testDatabase({ migrations }))
  const register = await startIdentity(bus, stack)
  const host = createTestHost()
  stack.defer(() => host.shutdown.run())
  const config = readConfig(configSchema, {
    DATABASE_URL: url,
    BUS_URL: 'memory:',
    IDENTITY_URL: await serveKeys(tokens, stack),
  })
  const { app } = await build(config, host, { bus })
  const probe = stack.use(await startProbe(bus, ['sample-box'], [db]))
  bus.resume()
  stack.adopt(app, (it) => it.close())
  await app.ready()
  return { app, tokens, probe, register }
}

async function serveKeys({ jwks }: TestTokens, stack: AsyncDisposableStack): Promise<string> {
  const server = createServer((_, response) => response.end(JSON.stringify(jwks))).listen(0, '127.0.0.1')
  stack.defer(() => {
    server.close()
    server.closeAllConnections()
  })
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The key server has no port')
  return `http://127.0.0.1:${address.port}`
}

async function startIdentity(bus: Bus, stack: AsyncDisposableStack): Promise<TestService['register']> {
  const { db } = stack.use(await testDatabase({ migrations: [messaging] }))
  stack.use(startRelay({ db, bus, owner: 'identity', log, metrics: new Registry() }))
  return async (person) => {
    const state = { role: 1, status: 1, emailVerified: true }
    await db.transaction((tx) =>
      outbox.add(tx, userRegistered, {
        aggregateId: person.userId,
        aggregateVersion: 1,
        data: { ...person, ...state },
      }),
    )
  }
}
