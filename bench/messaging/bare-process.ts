import { randomUUID } from 'node:crypto'
import { type ConfirmChannel, connect } from 'amqplib'
import { answerOnce } from '../harness/run-in-process.ts'
import type { Figures } from '../harness/statistics.ts'
import { type Batch, warmUpCount } from './messaging-place.ts'

/** As the relay has at most. */
const inFlight = 1_000
const body = Buffer.from(JSON.stringify({ text: 'as long as an event '.repeat(30) }))

/** Persistent messages to the same exchange and queue, each confirmed; nothing is read from a database. */
answerOnce(async ({ brokerUrl, count }: Batch): Promise<Figures> => {
  const connection = await connect(brokerUrl)
  const channel = await connection.createConfirmChannel()
  await publishMany(channel, warmUpCount)
  const cpu = process.cpuUsage()
  const started = performance.now()
  await publishMany(channel, count)
  const perSecond = count / ((performance.now() - started) / 1000)
  const { user, system } = process.cpuUsage(cpu)
  await connection.close()
  return { perSecond, p50Ms: Number.NaN, p99Ms: Number.NaN, cpuMicros: (user + system) / count }
})

async function publishMany(channel: ConfirmChannel, count: number): Promise<void> {
  let left = count
  const publisher = async () => {
    while (left-- > 0) await publish(channel)
  }
  await Promise.all(Array.from({ length: inFlight }, publisher))
}

function publish(channel: ConfirmChannel): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const options = { persistent: true, mandatory: true, messageId: randomUUID() }
  channel.publish('identity.events', 'identity.user.updated', body, options, (error: unknown) =>
    error ? reject(error) : resolve(),
  )
  return promise
}
