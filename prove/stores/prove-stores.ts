import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRandom } from '../harness/random.ts'
import { roundName } from '../harness/round-name.ts'
import { stateFile } from '../harness/state-file.ts'
import { disturbances, type Fault } from './faults.ts'
import { describeFindings, isClean } from './findings.ts'
import { help, readOptions, type StoresOptions, servicesName } from './options.ts'
import { playRound } from './round.ts'
import { playServices } from './services/play-services.ts'
import { type Subject, setStage } from './subjects.ts'
import { addRound, describeTotals, killsOf, noTotals, type Totals, totalsSchema } from './totals.ts'

const root = fileURLToPath(new URL('../../data/prove', import.meta.url))
const killsOfRound = 10

/** Whether the stores keep what they acknowledged, and come back, whatever happens to their engines. */
export async function proveStores(args: string[]): Promise<boolean> {
  const options = readOptions(args)
  if (!options) {
    console.log(help)
    return true
  }
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  await using stack = new AsyncDisposableStack()
  await mkdir(root, { recursive: true })
  const directory = await mkdtemp(join(root, 'stores-'))
  stack.defer(() => rm(directory, { recursive: true, force: true }))
  try {
    return await proveAll(options, directory, stop.signal)
  } catch (error) {
    if (!stop.signal.aborted) throw error
    console.log('interrupted; --resume goes on from the last whole round')
    return false
  }
}

async function proveAll(options: StoresOptions, directory: string, stop: AbortSignal): Promise<boolean> {
  console.log(`stores: seed ${options.seed}`)
  const totals = new Map<string, Totals>()
  for (const subject of options.subjects)
    totals.set(subject.name, await prove(subject, options, { directory, stop }))
  if (options.services) totals.set(servicesName, await proveServices(options, { directory, stop }))
  console.log(describeTotals(totals))
  return [...totals.values()].every((it) => isClean(it.findings))
}

interface Run {
  /** For ledgers. */
  directory: string
  stop: AbortSignal
}

async function prove(
  subject: Subject,
  { kills, seed, resume }: StoresOptions,
  { directory, stop }: Run,
): Promise<Totals> {
  const state = stateFile(join(root, `stores-${subject.name}.json`), totalsSchema)
  let totals = (resume && (await state.read())) || noTotals(seed)
  await using stack = new AsyncDisposableStack()
  const stage = await setStage(subject, { directory, stack })
  while (killsOf(totals) < kills) {
    const space = roundName('', totals.rounds + 1)
    const result = await playRound({
      ...(await stage.prepare(space)),
      port: subject.port,
      edge: stage.edge,
      connections: subject.engine?.connections ?? 0,
      space,
      directory,
      kills: Math.min(killsOfRound, kills - killsOf(totals)),
      random: createRandom(totals.seed + totals.rounds),
      stop,
    })
    totals = addRound(totals, result)
    await state.write(totals)
    const verdict = isClean(result.findings) ? 'clean' : describeFindings(result.findings)
    console.log(
      `  ${subject.name}: ${killsOf(totals)} of ${kills} kills, ${result.acknowledged} acknowledged, ${result.unknown} unknown, slowest answer ${Math.round(result.slowestMs)} ms: ${verdict}`,
    )
    for (const [reason, n] of result.reasons) console.log(`      ${n} x ${reason}`)
    for (const [what, names] of Object.entries(result.compared))
      if (names.length > 0) console.log(`      ${what}: ${names.slice(0, 5).join(', ')}`)
  }
  return totals
}

const fewFaults: readonly Fault[] = ['kill', 'pause', 'half-open']

/** In a short run the services meet what differs most. */
async function proveServices({ kills, seed }: StoresOptions, { directory, stop }: Run): Promise<Totals> {
  const faults: readonly Fault[] = kills > killsOfRound ? ['kill', ...disturbances] : fewFaults
  return addRound(noTotals(seed), await playServices({ directory, random: createRandom(seed), faults, stop }))
}
