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
  dead: count,
})

/** What the rounds of one run found so far. */
export const totalsSchema = z.object({
  seed: count,
  rounds: count,
  kills: count,
  acknowledged: count,
  unknown: count,
  faults: z.record(z.string(), count),
  findings,
})
export type Totals = z.infer<typeof totalsSchema>

export const noTotals = (seed: number): Totals => ({
  seed,
  rounds: 0,
  kills: 0,
  acknowledged: 0,
  unknown: 0,
  faults: {},
  findings: noFindings,
})

export function addRound(totals: Totals, result: RoundResult): Totals {
  const faults = addCounts(totals.faults, result.faults)
  return {
    seed: totals.seed,
    rounds: totals.rounds + 1,
    kills: Object.values(faults).reduce((sum, n) => sum + n, 0),
    acknowledged: totals.acknowledged + result.acknowledged,
    unknown: totals.unknown + result.unknown,
    faults,
    findings: addCounts(totals.findings, result.findings),
  }
}

/** The table that ends a run. */
export function describeTotals(title: string, totals: Totals): string {
  const { findings: found, faults, acknowledged, unknown } = totals
  const line = (name: string, n: number) => `  ${name.padEnd(30)}${String(n).padStart(9)}`
  return [
    `${title}, seed ${totals.seed}`,
    ...Object.entries(faults)
      .sort()
      .map(([name, n]) => line(`killed: ${name}`, n)),
    line('commands acknowledged', acknowledged),
    line('commands with unknown fate', unknown),
    line('acknowledged changes lost', found.lostChanges),
    line('events lost', found.lostEvents),
    line('invented', found.invented),
    line('applied or logged twice', found.appliedTwice),
    line('out of order (ordered queue)', found.outOfOrder),
    line('gaps in the log', found.gaps),
    line('given up without a reason', found.dead),
    `  ${isClean(found) ? 'holds' : 'DOES NOT HOLD'}`,
  ].join('\n')
}
