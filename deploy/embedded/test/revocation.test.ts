import * as gateway from '@sandkeep/gateway'
import { type Bus, openBus } from '@sandkeep/messaging'
import { listen, readConfig } from '@sandkeep/service-kit'
import { createTestHost } from '@sandkeep/service-kit/testing'
import { eventually, freePort } from '@sandkeep/testkit'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callAt, type Person, startTestProduct, type TestProduct } from './harness.ts'

const stack = new AsyncDisposableStack()
afterAll(() => stack.disposeAsync())

const effectiveMs = 1_000

/** A bus that publishes nothing, as while a broker is away. */
async function downBus(): Promise<Bus> {
  const bus = stack.use(await openBus('memory:', { log: pino({ level: 'silent' }), name: 'down' }))
  return { ...bus, resume() {} }
}

/** Gateway and identity share nothing but HTTP. */
const apart = { CACHE_URL: 'memory:apart' }

const situations: [string, () => Promise<TestProduct>][] = [
  ['the bus up', () => startTestProduct(stack)],
  [
    'the bus and the shared cache down',
    async () => startTestProduct(stack, { bus: await downBus(), overrides: { gateway: apart } }),
  ],
]

describe.each(situations)('with %s', (_, start) => {
  let it: TestProduct
  let admin = ''
  let person: Person
  beforeAll(async () => {
    it = await start()
    admin = await it.first('admin')
  })

  // Of the gateway and the service behind it, only the gateway asks whether the session has ended.
  const act = (url = it.product.url) => callAt(url, { path: '/v1/sandboxes', token: person.accessToken })
  const put = async (what: 'role' | 'status', value: string) => {
    const path = `/v1/users/${person.id}`
    const { headers } = await it.call({ path, token: admin })
    const changes = { [what]: value }
    const { status, text } = await it.call({
      method: 'PUT',
      path: `${path}/${what}`,
      token: admin,
      headers: { 'if-match': headers.get('etag') ?? '' },
      body: changes,
    })
    expect(status, text).toBe(200)
  }

  /** A second gateway beside the first, as after a restart: it knows nothing yet. */
  async function restartedGateway(): Promise<string> {
    const host = createTestHost()
    stack.defer(() => host.shutdown.run())
    const port = await freePort()
    const settings = { ...it.product.settings.gateway, PORT: String(port), CACHE_URL: `memory:${port}` }
    const { app } = await gateway.build(readConfig(gateway.configSchema, settings), host)
    const url = await listen(app, host, { host: '127.0.0.1', port })
    await eventually(async () => expect((await host.health.report()).isReady).toBe(true))
    return url
  }

  const endings: [string, () => Promise<unknown>][] = [
    ['suspended', () => put('status', 'suspended')],
    ['demoted', () => put('role', 'student')],
    [
      'logged out',
      () => it.call({ method: 'POST', path: '/v1/auth/logout', body: { refreshToken: person.refreshToken } }),
    ],
  ]

  test.each(endings)(
    'who is %s is refused within a second, and by a gateway that was restarted',
    async (_, end) => {
      person = await it.person('instructor')
      expect((await act()).status).toBe(200)
      await end()
      await eventually(async () => expect((await act()).status).toBe(401), { timeoutMs: effectiveMs })
      expect((await act(await restartedGateway())).status).toBe(401)
    },
  )

  test('who was demoted can sign in again, with the new role', async () => {
    person = await it.person('instructor')
    await put('role', 'student')
    const { body } = await it.signIn(person.email, person.password)
    const me = await it.call({ path: '/v1/me', token: String(body['accessToken']) })
    expect(me.body).toMatchObject({ role: 'student' })
  })

  test('who is suspended cannot sign in or refresh', async () => {
    person = await it.person()
    await put('status', 'suspended')
    expect((await it.signIn(person.email, person.password)).status).toBe(403)
    const refresh = { refreshToken: person.refreshToken }
    expect((await it.call({ method: 'POST', path: '/v1/auth/refresh', body: refresh })).status).toBe(401)
  })
})
