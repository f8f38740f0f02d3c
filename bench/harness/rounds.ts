import { type Figures, median, spread, summarise } from './statistics.ts'

export type Contender = { name: string; run: (seconds: number) => Promise<Figures> }
export type Plan = { rounds: number; seconds: number; print: (line: string) => void }
export type Result = { median: Figures; rounds: Figures[] }

const warmUpSeconds = 10

/**
 * Lets the contenders take turns, so that whatever else the machine does meets them alike: a warm-up each, long
 * enough for the engine to compile what is hot, then `rounds` rounds in alternating order. Answers the medians by name.
 */
export async function alternate(
  title: string,
  contenders: Contender[],
  plan: Plan,
): Promise<Map<string, Result>> {
  plan.print(`\n${title}: ${plan.rounds} rounds of ${plan.seconds} s each`)
  for (const contender of contenders) await contender.run(Math.min(warmUpSeconds, plan.seconds * 2))
  const taken = new Map<string, Figures[]>(contenders.map((it) => [it.name, []]))
  for (let round = 0; round < plan.rounds; round++) {
    const order = round % 2 === 0 ? contenders : contenders.toReversed()
    for (const contender of order) taken.get(contender.name)?.push(await contender.run(plan.seconds))
  }
  const results = new Map<string, Result>()
  for (const [name, rounds] of taken) {
    results.set(name, { median: summarise(rounds), rounds })
    plan.print(describe(name, rounds))
  }
  return results
}

function describe(name: string, rounds: Figures[]): string {
  const { perSecond, p50Ms, p99Ms, cpuMicros } = summarise(rounds)
  const apart = Math.round(spread(rounds.map((it) => it.perSecond)) * 100)
  const rate = `${perSecond.toFixed(0).padStart(7)} /s (±${apart} %)`
  const times = Number.isNaN(p50Ms) ? '' : `p50 ${p50Ms.toFixed(2)} ms  p99 ${p99Ms.toFixed(2)} ms`
  const cpu = Number.isNaN(cpuMicros) ? '' : `  cpu ${cpuMicros.toFixed(0)} µs`
  return `  ${name.padEnd(28)} ${rate.padEnd(20)} ${times}${cpu}`
}

/** The medians of one contender; a name that took no part is a mistake of the caller. */
export function figuresOf(results: Map<string, Result>, name: string): Figures {
  const result = results.get(name)
  if (!result) throw new Error(`Nothing named ${name} was measured`)
  return result.median
}

/**
 * How the contender does beside the peer: the median of the ratio of one figure (the rate) in each round, which cancels
 * what changed between rounds.
 */
export function pairedRatio(
  results: Map<string, Result>,
  name: string,
  peer: string,
  figure: keyof Figures = 'perSecond',
): number {
  const own = results.get(name)?.rounds ?? []
  const other = results.get(peer)?.rounds ?? []
  const ratios = own.map((it, index) => it[figure] / (other[index]?.[figure] ?? Number.NaN))
  return median(ratios)
}
