import { join } from 'node:path'
import { userUpdated } from '@sandkeep/contracts'
import { migrations } from '@sandkeep/messaging'
import { engines, testDatabase } from '@sandkeep/testkit'
import { connect } from 'amqplib'
import type { Bench } from '../harness/bench.ts'
import type { Goals } from '../harness/goals.ts'
import { type BenchOptions, chosen } from '../harness/options.ts'
import { alternate, type Contender, figuresOf } from '../harness/rounds.ts'
import { runInProcess } from '../harness/run-in-process.ts'
import type { Figures } from '../harness/statistics.ts'
import type { Latency } from './latency-process.ts'
import type { MessagingPlace } from './messaging-place.ts'

const eventsPerSecondOfRun = 5_000
const sinkQueue = 'bench.sink'

export const benchMessaging: Bench = {
  summary: 'the relay from outbox to broker, and the time from a commit until it is handled',
  async run(options, goals) {
    const picked = chosen(parts, options.only)
    await using stack = new AsyncDisposableStack()
    const server = stack.use(await engines.start('postgres', { durable: true }))
    const broker = stack.use(await engines.start('rabbitmq', { version: '3.10' }))
    for (const part of picked) {
      await using database = await testDatabase({ migrations: [migrations], serverUrl: server.url })
      await part.run({ brokerUrl: broker.url, databaseUrl: database.url }, options, goals)
    }
  },
}

const parts = [
  { name: 'relay', run: relayRate },
  { name: 'latency', run: latency },
]

async function relayRate(
  place: MessagingPlace,
  { rounds, seconds }: BenchOptions,
  goals: Goals,
): Promise<void> {
  const contender = (name: string, script: string): Contender => ({
    name,
    async run(ofSeconds) {
      await using _sink = await openSink(place.brokerUrl)
      const batch = { ...place, count: ofSeconds * eventsPerSecondOfRun }
      return runInProcess<Figures>(join(import.meta.dirname, script), batch)
    },
  })
  const contenders = [contender('relay', 'relay-process.ts'), contender('amqplib', 'bare-process.ts')]
  const results = await alternate('relay', contenders, { rounds, seconds, print: console.log })
  goals.atLeast('relay', figuresOf(results, 'relay').perSecond, 10_000, ' /s')
}

/** A durable queue that takes every event of an owner, and goes with its messages. */
async function openSink(url: string): Promise<AsyncDisposable> {
  const connection = await connect(url)
  const channel = await connection.createChannel()
  const exchange = `${userUpdated.owner}.events`
  await channel.assertExchange(exchange, 'topic', { durable: true })
  await channel.assertQueue(sinkQueue, { durable: true, arguments: { 'x-queue-type': 'quorum' } })
  await channel.bindQueue(sinkQueue, exchange, userUpdated.type)
  return {
    async [Symbol.asyncDispose]() {
      await channel.deleteQueue(sinkQueue)
      await connection.close()
    },
  }
}

async function latency(place: MessagingPlace, { seconds }: BenchOptions, goals: Goals): Promise<void> {
  const rates = [
    { name: 'idle', perSecond: 10, askedMs: 100 },
    { name: 'at 500/s', perSecond: 500, askedMs: 1_000 },
  ]
  console.log(`\ncommit to handled: ${seconds * 4} s each`)
  for (const { name, perSecond, askedMs } of rates) {
    const request = { ...place, perSecond, seconds: seconds * 4 }
    const script = join(import.meta.dirname, 'latency-process.ts')
    const { events, p50Ms, p99Ms } = await runInProcess<Latency>(script, request)
    console.log(
      `  ${name.padEnd(12)} ${events} events  p50 ${p50Ms.toFixed(1)} ms  p99 ${p99Ms.toFixed(1)} ms`,
    )
    goals.atMost(`handled ${name} p99`, p99Ms, askedMs, ' ms')
  }
}
