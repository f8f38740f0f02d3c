import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { type Subject, subjects } from './subjects.ts'

export interface StoresOptions {
  kills: number
  seed: number
  subjects: readonly Subject[]
  services: boolean
  resume: boolean
  controls: boolean
}

/** The services on all engines, beside the stores each by itself. */
export const servicesName = 'services'
const names = [...subjects.map((it) => it.name), servicesName]

export const help = `npm run prove -- stores [--kills N] [--only NAMES] [--seed S] [--resume]
npm run prove -- stores --controls

Writes to each store by its adapter, in a process of its own, while the engine is killed with kill -9, paused, and cut
off by a proxy: connections refused, reset, silent, or gone without a word. A ledger in the prover's process says what
was acknowledged; every 10 kills are a round, after which the whole store is compared with it. Nothing acknowledged may
be lost, nothing torn or invented; every answer comes within 5 s, work goes on within 10 s after a fault, and no
connection is left over. For file: there is no engine: the writer is killed. Then identity and sandbox, on all of these
engines at once, are asked without pause while each engine fails: only success and 503 are answers, 503 only without an
engine that the request needs. Totals are kept under data/prove.

  --kills N     how often to kill each engine (100); all other faults come once in a round
  --only NAMES  of ${names.join(', ')}
  --seed S      repeat the choices of an earlier run; drawn and printed unless given
  --resume      go on with an interrupted run
  --controls    take a protection from each store in turn; holds only if the proof fails each time`

/** Null when help was asked for. */
export function readOptions(args: string[]): StoresOptions | null {
  const { values } = parseArgs({
    args,
    options: {
      kills: { type: 'string', default: '100' },
      only: { type: 'string', default: names.join(',') },
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
      resume: { type: 'boolean', default: false },
      controls: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return null
  const wanted = values.only.split(',')
  for (const name of wanted)
    if (!names.includes(name)) throw new Error(`--only takes names of ${names.join(', ')}, not "${name}"`)
  return {
    kills: whole('kills', values.kills),
    seed: whole('seed', values.seed),
    subjects: subjects.filter((it) => wanted.includes(it.name)),
    services: wanted.includes(servicesName),
    resume: values.resume,
    controls: values.controls,
  }
}

function whole(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new Error(`--${name} is a whole number, not "${text}"`)
  return Number(text)
}
