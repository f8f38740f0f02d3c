import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Broker, Engine } from '@sandkeep/testkit'
import { openLedger } from '../harness/ledger.ts'
import type { Random } from '../harness/random.ts'
import { createDeck } from './faults.ts'
import { compare, type Findings } from './findings.ts'
import { type Fleet, openFleet } from './fleet.ts'
import { type Load, startLoad } from './load.ts'
import { createPoison } from './poison.ts'
import { readLetters, settled } from './settle.ts'

const writesPerSecond = 100
const poisonMs = 1_000

export interface RoundOptions {
  postgres: Engine
  broker: Broker | null
  directory: string
  /** Tells this round from all others, in lower-case letters. */
  name: string
  random: Random
  stop: AbortSignal
}

export interface RoundResult {
  findings: Findings
  acknowledged: number
  unknown: number
  refused: number
  poison: number
  /** How often each fault struck. */
  faults: Record<string, number>
}

/** Opens a fleet, lets `trouble` befall it under load, lets it work off what is left, and compares. */
export async function playRound(
  options: RoundOptions,
  trouble: (fleet: Fleet, load: Load) => Promise<Record<string, number>>,
): Promise<RoundResult> {
  const { directory, name, random, stop } = options
  await using stack = new AsyncDisposableStack()
  const fleet = await openFleet(options, stack)
  const ledger = stack.use(openLedger(join(directory, `${name}.ledger`)))
  const poison = createPoison(fleet)
  const dripping = setInterval(() => poison.drop(), poisonMs)
  const load = startLoad({ fleet, ledger, random, writesPerSecond })
  let faults: Record<string, number>
  try {
    faults = await trouble(fleet, load)
  } finally {
    clearInterval(dripping)
    await load[Symbol.asyncDispose]()
  }
  await settled(fleet, stop)
  const fates = ledger.read()
  const letters = await readLetters(fleet)
  const findings = await compare({
    fleet,
    fates,
    lanes: load.lanes,
    poison: { dropped: poison.dropped(), published: fleet.published },
    letters,
  })
  const count = (fate: string) => [...fates.values()].filter((it) => it === fate).length
  return {
    findings,
    acknowledged: count('ok'),
    unknown: count('unknown'),
    refused: count('refused'),
    poison: fleet.published.size,
    faults,
  }
}

/** So many faults, one after the other, with moments of peace between. */
export async function strike(
  fleet: Fleet,
  { random, stop, count }: { random: Random; stop: AbortSignal; count: number },
): Promise<Record<string, number>> {
  const deck = createDeck(fleet, random)
  const struck: Record<string, number> = {}
  for (let n = 0; n < count; n++) {
    await delay(random.between(1_000, 5_000), undefined, { signal: stop })
    const fault = deck.draw()
    console.log(`    ${fault.name}`)
    await fault.strike(random)
    struck[fault.name] = (struck[fault.name] ?? 0) + 1
  }
  await delay(random.between(500, 2_000), undefined, { signal: stop })
  return struck
}
