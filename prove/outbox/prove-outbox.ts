import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isClean } from '../harness/counts.ts'
import { createRandom } from '../harness/random.ts'
import { roundName } from '../harness/round-name.ts'
import { stateFile } from '../harness/state-file.ts'
import { untilInterrupted } from '../harness/until-interrupted.ts'
import { type Engines, startEngines } from './engines.ts'
import { help, type OutboxOptions, readOptions } from './options.ts'
import { protections, tellingPoint } from './protections.ts'
import { playRound } from './round.ts'
import { addRound, describeTotals, noTotals, type Totals, totalsSchema } from './totals.ts'

const root = fileURLToPath(new URL('../../data/prove', import.meta.url))
const killsOfRound = 10
const killsOfControl = 6

/** Whether the outbox, the relay, the bus and the inbox keep their promise. */
export async function proveOutbox(args: string[]): Promise<boolean> {
  const options = readOptions(args)
  if (!options) {
    console.log(help)
    return true
  }
  return untilInterrupted(async (stop) => {
    await using stack = new AsyncDisposableStack()
    const engines = await startEngines(options, root, stack)
    return await (options.controls ? playControls(options, engines, stop) : play(options, engines, stop))
  })
}

/** Each protection switched off must turn the proof red. */
async function playControls(options: OutboxOptions, engines: Engines, stop: AbortSignal): Promise<boolean> {
  const seen: boolean[] = []
  for (const without of protections) {
    seen.push(!(await play({ ...options, without, kills: killsOfControl, resume: false }, engines, stop)))
  }
  const isBlind = seen.includes(false)
  console.log(
    isBlind
      ? 'controls: THE PROOF IS BLIND'
      : 'controls: the proof fails without each protection, as it must',
  )
  return !isBlind
}

async function play(options: OutboxOptions, engines: Engines, stop: AbortSignal): Promise<boolean> {
  const { bus, kills, without, resume } = options
  const title = `outbox on the ${bus} bus${without ? ` without ${without}` : ''}`
  const state = without ? null : stateFile(join(root, `outbox-${bus}.json`), totalsSchema)
  let totals: Totals = (resume && (await state?.read())) || noTotals(options.seed)
  console.log(`${title}: seed ${totals.seed}, ${totals.kills} of ${kills} kills done`)
  while (totals.kills < kills) {
    const round = totals.rounds + 1
    const result = await playRound({
      postgresUrl: engines.postgresUrl,
      directory: engines.directory,
      name: roundName(without ?? '', round),
      busUrl: engines.busUrl(roundName(without ?? '', round)),
      kills: Math.min(killsOfRound, kills - totals.kills),
      random: createRandom(totals.seed + round),
      stop,
      ...(without && { without, at: [tellingPoint[without]] }),
    })
    totals = addRound(totals, result)
    await state?.write(totals)
    console.log(
      `  ${totals.kills} kills, ${totals.acknowledged} commands: ${isClean(totals.findings) ? 'clean' : 'not clean'}`,
    )
  }
  console.log(describeTotals(title, totals))
  return isClean(totals.findings)
}
