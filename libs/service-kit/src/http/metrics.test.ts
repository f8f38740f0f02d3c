import { sql } from '@sandkeep/postgres'
import { testDatabase } from '@sandkeep/testkit'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createHost } from '../boot/host.ts'
import { createTestHost } from '../testing.ts'
import { createApp } from './create-app.ts'
import { measurePool } from './metrics.ts'

async function notes() {
  const host = createTestHost()
  const app = await createApp({ name: 'notes', authorization: {}, host })
  app.route({
    method: 'GET',
    url: '/v1/notes/:id',
    operation: 'getNote',
    auth: 'public',
    handler: async () => 'note',
  })
  await app.ready()
  return app
}

const counts = (text: string) =>
  text.split('\n').filter((line) => line.startsWith('http_request_seconds_count'))

test('requests are counted by the template of their route, whatever their address', async () => {
  const app = await notes()
  for (let id = 0; id < 100; id++) {
    await app.inject(`/v1/notes/${id}`)
    await app.inject(`/v1/made-up-${id}`)
    await app.inject({ method: 'DELETE', url: `/v1/notes/${id}?by=${id}` })
  }
  await app.inject('/v1/notes/%zz')
  const { body } = await app.inject('/metrics')
  expect(counts(body)).toEqual(
    expect.arrayContaining([
      'http_request_seconds_count{method="GET",route="/v1/notes/:id",status="200"} 100',
      'http_request_seconds_count{method="GET",route="none",status="404"} 100',
      'http_request_seconds_count{method="DELETE",route="none",status="404"} 100',
    ]),
  )
  expect(counts(body).length).toBeLessThan(6)
})

test('what is handled just now is shown', async () => {
  const app = await notes()
  const { body } = await app.inject('/metrics')
  expect(body).toContain('http_requests_in_flight{state="running"} 0')
  expect(body).toContain('http_requests_in_flight{state="waiting"} 0')
})

test('a pool shows what of it is busy', async () => {
  await using it = await testDatabase({ migrations: [] })
  const registry = new Registry()
  measurePool(registry, it.db.stats)
  await it.db.transaction(async (tx) => {
    await tx.one(sql`select 1`)
    expect(await registry.metrics()).toContain('postgres_pool_connections{state="busy"} 1')
  })
  expect(await registry.metrics()).toContain('postgres_pool_connections{state="busy"} 0')
})

test('a service in a process of its own shows memory, processor time and the lag of the event loop', async () => {
  const log = pino({ level: 'silent' })
  const own = await createHost({ log, measuresProcess: true }).metrics.metrics()
  for (const name of [
    'process_resident_memory_bytes',
    'process_cpu_seconds_total',
    'nodejs_eventloop_lag_seconds',
  ])
    expect(own).toContain(name)
  expect(await createHost({ log }).metrics.metrics()).not.toContain('process_')
})
