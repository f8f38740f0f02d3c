import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { type BrokerVersion, brokerVersions } from '@sandkeep/testkit'

const buses = ['memory', ...brokerVersions] as const
type BusName = (typeof buses)[number]

export interface MessagingOptions {
  bus: 'memory' | BrokerVersion
  faults: number
  seed: number
  resume: boolean
  /** Instead of faults one after the other. */
  scenario: 'faults' | 'alarm' | 'outage'
  /** How long the scenario's fault lasts. */
  seconds: number
}

export const help = `npm run prove -- messaging [--bus BUS] [--faults N] [--seed S] [--resume]
npm run prove -- messaging --alarm [--bus BUS] [--seconds N]
npm run prove -- messaging --outage [--bus BUS] [--seconds N]

Runs identity and sandbox as in production, with consumers of all their events, under 100 writes a second over HTTP by
people whose every write is in a ledger that the prover keeps. Every second a message comes that nobody can read. Then
services, consumers, broker and database are killed with kill -9, at random instants and between durable steps, paused,
and cut off from each other; at the end nothing may be lost, invented, doubled in effect or out of the order of its
aggregate, and what cannot be read is a dead letter with its reason. Every 20 faults are a round with databases of
their own; totals are kept under data/prove.

  --bus BUS     memory (all services in one process), or the version of a RabbitMQ of its own: ${brokerVersions.join(' or ')}
                (${brokerVersions[0]} unless given)
  --faults N    how many (500)
  --seed S      repeat the choices of an earlier run; drawn and printed unless given
  --resume      go on with an interrupted run of this bus
  --alarm       the broker has no memory left for 120 s instead: nothing hangs, and all is worked off within 30 s
  --outage      the broker is away for 600 s instead: writes take at most 1.5 times as long, the memory of no service
                grows by more than 50 MB, and all is worked off within 60 s
  --seconds N   how long alarm or outage last`

const secondsOf = { faults: 0, alarm: 120, outage: 600 }

/** Null when help was asked for. */
export function readOptions(args: string[]): MessagingOptions | null {
  const { values } = parseArgs({
    args,
    options: {
      bus: { type: 'string', default: brokerVersions[0] },
      faults: { type: 'string', default: '500' },
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
      resume: { type: 'boolean', default: false },
      alarm: { type: 'boolean', default: false },
      outage: { type: 'boolean', default: false },
      seconds: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return null
  const bus: BusName | undefined = buses.find((it) => it === values.bus)
  if (!bus) throw new Error(`--bus is one of ${buses.join(', ')}, not "${values.bus}"`)
  if (values.alarm && values.outage) throw new Error('--alarm and --outage are two runs')
  const scenario = values.alarm ? 'alarm' : values.outage ? 'outage' : 'faults'
  if (bus === 'memory' && scenario !== 'faults') throw new Error(`--${scenario} needs a broker: see --bus`)
  return {
    bus,
    scenario,
    faults: whole('faults', values.faults),
    seed: whole('seed', values.seed),
    resume: values.resume,
    seconds: values.seconds === undefined ? secondsOf[scenario] : whole('seconds', values.seconds),
  }
}

function whole(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new Error(`--${name} is a whole number, not "${text}"`)
  return Number(text)
}
