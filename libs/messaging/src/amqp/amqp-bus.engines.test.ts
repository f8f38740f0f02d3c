import { type Broker, brokerVersions, engines } from '@sandkeep/testkit'
import { afterAll, beforeAll, describe } from 'vitest'
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
})
