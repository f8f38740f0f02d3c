import { expect, test } from 'vitest'
import { createKnownRoutes } from './known-routes.ts'

const type = 'demo.item.changed.v1'

test('a type that was taken is expected to be taken again on the next connection, for a minute', () => {
  let now = 0
  const routes = createKnownRoutes(() => now)
  routes.reconnected()
  routes.taken(type)
  expect(routes.isExpected(type)).toBe(false)
  routes.reconnected()
  expect(routes.isExpected(type)).toBe(true)
  now = 60_000
  expect(routes.isExpected(type)).toBe(false)
})

test('a type that was never taken is not expected, nor one that this connection saw taken', () => {
  const routes = createKnownRoutes(() => 0)
  routes.taken(type)
  routes.reconnected()
  expect(routes.isExpected('demo.item.ignored.v1')).toBe(false)
  routes.taken(type)
  expect(routes.isExpected(type)).toBe(false)
})

test('what was taken two connections ago is still expected', () => {
  const routes = createKnownRoutes(() => 0)
  routes.taken(type)
  routes.reconnected()
  routes.reconnected()
  expect(routes.isExpected(type)).toBe(true)
})
