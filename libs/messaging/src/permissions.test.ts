import { userUpdated } from '@sandkeep/contracts'
import { expect, test } from 'vitest'
import { consumer, handle } from './handler.ts'
import { brokerPermissions } from './permissions.ts'

const handlers = [handle(userUpdated, async () => {})]
const consumers = [consumer({ queue: 'sandbox.accounts', handlers, ordered: true })]
const may = (pattern: string, name: string) => new RegExp(pattern).test(name)

test('a service that only announces has its exchange and nothing else', () => {
  const { configure, write, read } = brokerPermissions('identity', [])
  for (const right of [configure, write, read]) {
    expect(may(right, 'identity.events')).toBe(true)
    for (const name of ['sandbox.accounts', 'sandbox.events', 'amq.default', 'identity', 'identityx.events'])
      expect(may(right, name), `${right} ${name}`).toBe(false)
  }
})

test('a consumer has its queues, and hears the exchanges that it is bound to without publishing there', () => {
  const { configure, write, read } = brokerPermissions('sandbox', consumers)
  for (const name of [
    'sandbox.accounts',
    'sandbox.accounts.retry-5s',
    'sandbox.accounts.dead',
    'sandbox.events',
  ])
    for (const right of [configure, write, read]) expect(may(right, name)).toBe(true)
  expect(may(read, 'identity.events')).toBe(true)
  expect(may(write, 'identity.events')).toBe(false)
  expect(may(write, 'amq.default')).toBe(true)
  expect(may(read, 'other.queue')).toBe(false)
})
