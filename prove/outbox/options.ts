import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { type BrokerVersion, brokerVersions } from '@sandkeep/testkit'
import { type Protection, protections } from './protections.ts'

export interface OutboxOptions {
  kills: number
  seed: number
  bus: 'memory' | 'amqp'
  /** Version of the throw-away broker. */
  broker: BrokerVersion
  /** A broker to use instead. */
  busUrl?: string
  resume: boolean
  without?: Protection
  controls: boolean
}

export const help = `npm run prove -- outbox [--kills N] [--seed S] [--bus memory|amqp] [--resume]
npm run prove -- outbox --controls [--bus memory|amqp]

Kills a small service that publishes and consumes, under load, with kill -9: at random instants, and between any two
durable steps (after commit, after publish, after mark, after handle, before acknowledge). It starts again each time
and must have lost, invented and applied twice nothing, by a ledger that the prover keeps. Every 10 kills are a round
with a database of their own, which is compared in full at its end; totals are kept under data/prove.

  --kills N     how often to kill (200)
  --seed S      repeat the choices of an earlier run; drawn and printed unless given
  --bus BUS     memory (the default) or amqp, on a RabbitMQ of its own
  --broker V    with --bus amqp: the version of that RabbitMQ, ${brokerVersions.join(' or ')} (the first)
  --bus-url U   with --bus amqp: use this broker
  --resume      go on with an interrupted run of this bus
  --without P   switch a protection off: ${protections.join(', ')}. The proof must then fail
  --controls    switch each off in turn; holds only if the proof fails each time`

/** Null when help was asked for. */
export function readOptions(args: string[]): OutboxOptions | null {
  const { values } = parseArgs({
    args,
    options: {
      kills: { type: 'string', default: '200' },
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
      bus: { type: 'string', default: 'memory' },
      broker: { type: 'string', default: brokerVersions[0] },
      'bus-url': { type: 'string' },
      resume: { type: 'boolean', default: false },
      without: { type: 'string' },
      controls: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return null
  const { bus, resume, controls } = values
  if (bus !== 'memory' && bus !== 'amqp') throw new Error(`--bus is memory or amqp, not "${bus}"`)
  const broker = brokerVersions.find((it) => it === values.broker)
  if (!broker) throw new Error(`--broker is one of ${brokerVersions.join(', ')}, not "${values.broker}"`)
  const without = protections.find((it) => it === values.without)
  if (values.without && !without) throw new Error(`--without is one of ${protections.join(', ')}`)
  const busUrl = values['bus-url']
  const numbers = { kills: whole('kills', values.kills), seed: whole('seed', values.seed) }
  return { ...numbers, bus, broker, resume, controls, ...(busUrl && { busUrl }), ...(without && { without }) }
}

function whole(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new Error(`--${name} is a whole number, not "${text}"`)
  return Number(text)
}
