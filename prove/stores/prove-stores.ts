import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isClean } from '../harness/counts.ts'
import { createRandom } from '../harness/random.ts'
import { roundName } from '../harness/round-name.ts'
import { stateFile } from '../harness/state-file.ts'
import { untilInterrupted } from '../harness/until-interrupted.ts'
import { playControls, type Run } from './controls.ts'
import { disturbances, drawFaults, type Fault, onlyKills } from './faults.ts'
import { describeFindings } from './findings.ts'
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
  return untilInterrupted(async (stop) => {
    await using stack = new AsyncDisposableStack()
    await mkdir(root, { recursive: true })
    const directory = await mkdtemp(join(root, 'stores-'))
    stack.defer(() => rm(directory, { recursive: true, force: true }))
    const run = { directory, stop }
    return await (options.controls ? playControls(options, run) : proveAll(options, run))
  })
}

async function proveAll(options: StoresOptions, run: Run): Promise<boolean> {
  console.log(`stores: seed ${options.seed}`)
  const totals = new Map<string, Totals>()
  for (const subject of options.subjects) totals.set(subject.name, await prove(subject, options, run))
  if (options.services) totals.set(servicesName, await proveServices(options, run))
  console.log(describeTotals(totals))
  return [...totals.values()].every((it) => isClean(it.findings))
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
  // A writer cannot be paused or cut off from itself.
  const draw = subject.engine === null ? onlyKills : drawFaults
  while (killsOf(totals) < kills) {
    const random = createRandom(totals.seed + totals.rounds)
    const space = roundName('', totals.rounds + 1)
    const result = await playRound({
      ...(await stage.prepare(space)),
      port: subject.port,
      edge: stage.edge,
      connections: subject.engine?.connections ?? 0,
      space,
      directory,
      faults: draw(random, Math.min(killsOfRound, kills - killsOf(totals))),
      random,
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
