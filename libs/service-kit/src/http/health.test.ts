import { afterEach, expect, test, vi } from 'vitest'
import { createTestHost } from '../testing.ts'
import { createApp } from './create-app.ts'
import type { HealthState } from './health.ts'

afterEach(() => void vi.useRealTimers())

async function service() {
  const host = createTestHost()
  const app = await createApp({ name: 'notes', authorization: {}, host })
  await app.ready()
  const statusOf = async (path: string) => (await app.inject(path)).statusCode
  return { host, app, statusOf }
}

test('a service lives before it has started, and is ready when it has', async () => {
  const { host, statusOf } = await service()
  expect(await Promise.all(['/livez', '/startupz', '/readyz'].map(statusOf))).toEqual([200, 503, 503])
  host.health.started()
  expect(await Promise.all(['/livez', '/startupz', '/readyz'].map(statusOf))).toEqual([200, 200, 200])
})

test('a service that is about to stop is not ready, but lives', async () => {
  const { host, statusOf } = await service()
  host.health.started()
  await host.shutdown.run()
  expect(await Promise.all(['/livez', '/startupz', '/readyz'].map(statusOf))).toEqual([200, 200, 503])
})

test.each<[string, number, () => Promise<HealthState> | HealthState]>([
  ['that is up', 200, () => 'up'],
  ['that works with a loss', 200, () => 'degraded'],
  ['that is down', 503, () => 'down'],
  ['that throws', 503, () => Promise.reject(new Error('no route to host'))],
])('what readiness says of a part %s', async (_name, status, check) => {
  const { host, app } = await service()
  host.health.started()
  host.health.add('store', check)
  const answer = await app.inject('/readyz')
  expect(answer.statusCode).toBe(status)
  expect(Object.keys(answer.json().checks)).toEqual(['store'])
  expect(answer.body).not.toContain('no route')
})

test('a check that never ends counts as down', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { host } = await service()
  host.health.started()
  host.health.add('store', () => new Promise<never>(() => {}))
  const report = host.health.report()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(await report).toEqual({ isReady: false, isStarted: true, checks: { store: 'down' } })
})
