import { randomUUID } from 'node:crypto'
import { type Broker, brokerVersions, engines, eventually } from '@sandkeep/testkit'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { busContract } from '../../test/bus-contract.ts'
import { log } from '../../test/fixture.ts'
import { openBus } from '../index.ts'

describe.each(brokerVersions)('RabbitMQ %s', (version) => {
  let broker: Broker
  beforeAll(async () => {
    broker = await engines.start('rabbitmq', { version })
  })
  afterAll(() => broker[Symbol.asyncDispose]())

  busContract(() => openBus(broker.url, { log, name: 'test' }))

  test('an event that no queue is bound to is confirmed, and counted by its type', async () => {
    const metrics = new Registry()
    await using bus = await openBus(broker.url, { log, name: 'test', metrics })
    const message = { id: randomUUID(), type: `${randomUUID()}.thing.made.v1`, body: Buffer.from('{}') }
    await eventually(async () => expect(await bus.publish(message)).toEqual({ confirmed: true }))
    expect(await metrics.metrics()).toContain(`bus_unrouted_total{type="${message.type}"} 1`)
  })
})
