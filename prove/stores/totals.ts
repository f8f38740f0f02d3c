import { z } from 'zod'
import { addCounts, isClean } from '../harness/counts.ts'
import { describeFindings, findingsSchema, noFindings } from './findings.ts'
import type { RoundResult } from './round.ts'

const count = z.int().nonnegative()

/** What the rounds of one subject found so far. */
export const totalsSchema = z.object({
  seed: count,
  rounds: count,
  acknowledged: count,
  refused: count,
  unknown: count,
  slowestMs: z.number(),
  faults: z.record(z.string(), count),
  findings: findingsSchema,
})
export type Totals = z.infer<typeof totalsSchema>

export const noTotals = (seed: number): Totals => ({
  seed,
  rounds: 0,
  acknowledged: 0,
  refused: 0,
  unknown: 0,
  slowestMs: 0,
  faults: {},
  findings: noFindings,
})

export const killsOf = (totals: Totals): number => totals.faults['kill'] ?? 0

export function addRound(totals: Totals, result: RoundResult): Totals {
  const faults = addCounts(totals.faults, result.faults)
  return {
    seed: totals.seed,
    rounds: totals.rounds + 1,
    acknowledged: totals.acknowledged + result.acknowledged,
    refused: totals.refused + result.refused,
    unknown: totals.unknown + result.unknown,
    slowestMs: Math.max(totals.slowestMs, result.slowestMs),
    faults,
    findings: addCounts(totals.findings, result.findings),
  }
}

const columns = ['subject', 'faults', 'acknowledged', 'unknown', 'verdict'] as const

/** The table that ends a run: what happened to each subject, and whether it held. */
export function describeTotals(totals: ReadonlyMap<string, Totals>): string {
  const rows = [...totals].map(([name, it]) => [
    name,
    Object.entries(it.faults)
      .map(([fault, n]) => `${n} ${fault}`)
      .join(', '),
    String(it.acknowledged),
    String(it.unknown),
    isClean(it.findings) ? 'holds' : `DOES NOT HOLD: ${describeFindings(it.findings)}`,
  ])
  const all = [[...columns], ...rows]
  const widths = columns.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)))
  return all
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
