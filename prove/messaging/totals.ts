import { z } from 'zod'
import { addCounts, isClean } from '../harness/counts.ts'
import { noFindings } from './findings.ts'
import type { RoundResult } from './round.ts'

const count = z.int().nonnegative()
const findings = z.object({
  lostChanges: count,
  lostEvents: count,
  invented: count,
  appliedTwice: count,
  outOfOrder: count,
  gaps: count,
  poisonMissing: count,
  dead: count,
})

/** What the rounds of one run found so far. */
export const totalsSchema = z.object({
  seed: count,
  rounds: count,
  struck: count,
  acknowledged: count,
  unknown: count,
  refused: count,
  poison: count,
  faults: z.record(z.string(), count),
  findings,
})
export type Totals = z.infer<typeof totalsSchema>

export const noTotals = (seed: number): Totals => ({
  seed,
  rounds: 0,
  struck: 0,
  acknowledged: 0,
  unknown: 0,
  refused: 0,
  poison: 0,
  faults: {},
  findings: noFindings,
})

export function addRound(totals: Totals, result: RoundResult): Totals {
  const faults = addCounts(totals.faults, result.faults)
  return {
    seed: totals.seed,
    rounds: totals.rounds + 1,
    struck: Object.values(faults).reduce((sum, n) => sum + n, 0),
    acknowledged: totals.acknowledged + result.acknowledged,
    unknown: totals.unknown + result.unknown,
    refused: totals.refused + result.refused,
    poison: totals.poison + result.poison,
    faults,
    findings: addCounts(totals.findings, result.findings),
  }
}

/** The table that ends a run. */
export function describeTotals(title: string, totals: Totals): string {
  const { findings: found, faults } = totals
  const line = (name: string, n: number) => `  ${name.padEnd(44)}${String(n).padStart(9)}`
  return [
    `${title}, seed ${totals.seed}`,
    ...Object.entries(faults)
      .sort()
      .map(([name, n]) => line(name, n)),
    line('writes acknowledged', totals.acknowledged),
    line('writes refused', totals.refused),
    line('writes with unknown fate', totals.unknown),
    line('poison messages', totals.poison),
    line('acknowledged writes lost', found.lostChanges),
    line('events lost', found.lostEvents),
    line('invented', found.invented),
    line('applied or logged twice', found.appliedTwice),
    line('out of order (ordered queue)', found.outOfOrder),
    line('gaps in the logs', found.gaps),
    line('poison that is no dead letter', found.poisonMissing),
    line('given up without a reason', found.dead),
    `  ${isClean(found) ? 'holds' : 'DOES NOT HOLD'}`,
  ].join('\n')
}
