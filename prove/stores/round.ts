import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { addCounts } from '../harness/counts.ts'
import { type Fate, openLedger } from '../harness/ledger.ts'
import type { Random } from '../harness/random.ts'
import { drawOutage, type Edge, type Fault, strike } from './faults.ts'
import { type Findings, noFindings } from './findings.ts'
import { type Load, type LoadOptions, startLoad } from './load.ts'
import { type Port, proofs } from './store/proofs.ts'
import type { Discrepancies } from './store/proved-store.ts'
import type { WriterOptions } from './writer-protocol.ts'

export interface RoundOptions {
  port: Port
  edge: Edge | null
  /** How many connections the writer may hold. */
  connections: number
  /** As the writer reaches the store. */
  url: string
  /** Past all faults. */
  directUrl: string
  /** Of an engine that nothing happens to. */
  databaseUrl?: string
  space: string
  /** Holds the round's ledger. */
  directory: string
  /** What happens, one after the other. */
  faults: readonly Fault[]
  random: Random
  without?: WriterOptions['without']
  stop: AbortSignal
}

export interface RoundResult {
  findings: Findings
  compared: Discrepancies
  faults: Partial<Record<Fault, number>>
  acknowledged: number
  refused: number
  unknown: number
  slowestMs: number
  /** Why nobody knows, with how often. */
  reasons: Map<string, number>
}

const answerMs = 5_000
const recoveryMs = 10_000
const settleMs = 15_000
/** Before the first fault, so that it meets writes and not the making of a table. */
const beginMs = 1_000

/** Lets faults happen to a store that is written to, and compares it with the ledger. */
export async function playRound(options: RoundOptions): Promise<RoundResult> {
  const { port, url, directUrl, databaseUrl, space, directory, random, without } = options
  const place = { space, ...(databaseUrl && { databaseUrl }) }
  using ledger = openLedger(join(directory, `${space}.ledger`))
  const load: LoadOptions = {
    writer: { port, url, ...place, ...(without && { without }) },
    workload: proofs[port].createWorkload(random),
    ledger,
  }
  const played = options.edge
    ? await playEngine(options, options.edge, load)
    : await playWriter(options, load)
  const fates = ledger.read()
  const compared = await proofs[port].compare({ url: directUrl, ...place }, fates)
  const counts = {
    lost: compared.lost.length,
    torn: compared.torn.length,
    invented: compared.invented.length,
  }
  return {
    ...played,
    compared,
    faults: countFaults(options.faults),
    findings: addCounts(played.findings, counts),
    ...countFates(fates),
  }
}

type Played = Pick<RoundResult, 'findings' | 'slowestMs' | 'reasons'>

async function playEngine(options: RoundOptions, edge: Edge, withLoad: LoadOptions): Promise<Played> {
  const { random, connections, stop } = options
  let findings = noFindings
  await using load = await startLoad(withLoad)
  await delay(beginMs, undefined, { signal: stop })
  for (const fault of options.faults) {
    if (!load.isRunning()) break
    await delay(random.between(50, 500), undefined, { signal: stop })
    await strike(fault, edge, drawOutage(random, fault))
    if (await load.worksWithin(recoveryMs)) continue
    console.log(`      nothing worked within ${recoveryMs} ms after: ${fault}`)
    findings = addCounts(findings, { slowRecoveries: 1 })
  }
  const isSettled = await load.settlesWithin(settleMs)
  const { id, tookMs, reason } = load.slowest()
  if (!isSettled || tookMs > answerMs) {
    console.log(
      isSettled ? `      ${id} took ${tookMs} ms: ${reason}` : '      some commands were never answered',
    )
    findings = addCounts(findings, { late: 1 })
  }
  if (!load.isRunning()) findings = addCounts(findings, { wrongAnswers: 1 })
  if (edge.proxy.connections() > connections) findings = addCounts(findings, { leaks: 1 })
  return { findings, slowestMs: tookMs, reasons: load.reasons }
}

/** Without an engine the writer itself is killed, and another takes its place. */
async function playWriter({ random, faults, stop }: RoundOptions, withLoad: LoadOptions): Promise<Played> {
  let findings = noFindings
  let last: Load | undefined
  for (const _kill of faults) {
    stop.throwIfAborted()
    await using load = await startLoad(withLoad)
    if (!(await load.worksWithin(recoveryMs))) findings = addCounts(findings, { slowRecoveries: 1 })
    await delay(random.between(0, 400))
    last = load
  }
  return {
    findings,
    slowestMs: last?.slowest().tookMs ?? 0,
    reasons: last?.reasons ?? new Map(),
  }
}

function countFaults(faults: readonly Fault[]): RoundResult['faults'] {
  const counts: RoundResult['faults'] = {}
  for (const fault of faults) counts[fault] = (counts[fault] ?? 0) + 1
  return counts
}

function countFates(fates: Map<string, Fate>) {
  const count = (fate: Fate) => [...fates.values()].filter((it) => it === fate).length
  return { acknowledged: count('ok'), refused: count('refused'), unknown: count('unknown') }
}
