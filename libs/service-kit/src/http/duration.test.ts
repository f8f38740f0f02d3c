import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createTestHost } from '../testing.ts'
import { createApp } from './create-app.ts'
import { limitDuration } from './duration.ts'

test('what takes too long is given up, unless its route has more time', async () => {
  await using stack = new AsyncDisposableStack()
  const app = stack.adopt(
    await createApp({ name: 'test', authorization: {}, host: createTestHost() }),
    (it) => it.close(),
  )
  limitDuration(app, 20)
  const route = { method: 'GET', auth: 'public', schema: {} } as const
  app.route({ ...route, url: '/slow', operation: 'slow', handler: () => new Promise(() => {}) })
  const patient = async () => delay(60, 'done')
  app.route({ ...route, url: '/patient', operation: 'patient', handlerTimeout: 5_000, handler: patient })

  const slow = await app.inject('/slow')
  expect(slow.json()).toMatchObject({ status: 503, code: 'timed_out' })
  expect(slow.headers['retry-after']).toBe('1')
  expect((await app.inject('/patient')).body).toBe('done')
})
