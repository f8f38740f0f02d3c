import { once } from 'node:events'
import { type Broker, brokerVersions, engines, eventually, openTcpProxy } from '@sandkeep/testkit'
import type { ChannelModel } from 'amqplib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { log } from '../../test/fixture.ts'
import { openLink } from './link.ts'

describe.each(brokerVersions)('a link to RabbitMQ %s', (version) => {
  let broker: Broker
  beforeAll(async () => {
    broker = await engines.start('rabbitmq', { version })
  })
  afterAll(() => broker[Symbol.asyncDispose]())

  test('comes back when its connection is lost while what lives on it is made ready', async () => {
    await using proxy = await openTcpProxy(broker.url)
    await using link = await openLink(proxy.url, 'test', log)
    const models: ChannelModel[] = []
    link.add({
      async attach(model) {
        models.push(model)
        if (models.length > 1) return
        const lost = once(model, 'close').catch(() => {})
        await proxy.inject({ kind: 'reset' })
        await lost
        await proxy.heal()
      },
      detach() {},
    })
    await eventually(() => expect(models).toHaveLength(2))
    await eventually(() => expect(link.status()).toBe('up'))
    expect((await link.openChannel()).connection).toBeDefined()
  })
})
