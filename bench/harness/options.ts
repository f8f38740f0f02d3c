import { parseArgs } from 'node:util'

export interface BenchOptions {
  rounds: number
  /** Of each contender in each round. */
  seconds: number
  /** Requests under way at once; null leaves it to the bench. */
  callers: number | null
  /** Names of the parts to run; empty means all. */
  only: string[]
  /** Whether services write a processor profile when they end. */
  profile: boolean
}

export const optionsHelp = `  --rounds N     rounds in which the contenders take turns (5)
  --seconds S    how long each contender runs in a round (4)
  --callers N    requests under way at once; each bench has its own number
  --only A,B     these parts only
  --profile      services write a processor profile to data/bench/profiles`

/** Null when help was asked for. */
export function readOptions(args: string[]): BenchOptions | null {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '4' },
      callers: { type: 'string' },
      only: { type: 'string', default: '' },
      profile: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) return null
  return {
    rounds: positive('rounds', values.rounds),
    seconds: positive('seconds', values.seconds),
    callers: values.callers === undefined ? null : positive('callers', values.callers),
    only: values.only.split(',').filter((it) => it !== ''),
    profile: values.profile,
  }
}

function positive(name: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`--${name} is a whole number above 0, not "${text}"`)
  return Number(text)
}

/** The parts to run, in their own order. Throws for a name that none of them has. */
export function chosen<T extends { name: string }>(parts: readonly T[], only: string[]): readonly T[] {
  const unknown = only.filter((name) => !parts.some((it) => it.name === name))
  if (unknown.length > 0)
    throw new Error(
      `no part is called ${unknown.join(', ')}: there are ${parts.map((it) => it.name).join(', ')}`,
    )
  return only.length === 0 ? parts : parts.filter((it) => only.includes(it.name))
}
