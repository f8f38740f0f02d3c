import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Broker, type Engine, engines } from '@sandkeep/testkit'
import { isClean } from '../harness/counts.ts'
import { createRandom } from '../harness/random.ts'
import { roundName } from '../harness/round-name.ts'
import { stateFile } from '../harness/state-file.ts'
import { untilInterrupted } from '../harness/until-interrupted.ts'
import { help, type MessagingOptions, readOptions } from './options.ts'
import { playRound, strike } from './round.ts'
import { alarm, type Bound, describeBound, holds, outage } from './scenarios.ts'
import { addRound, describeTotals, noTotals, type Totals, totalsSchema } from './totals.ts'

const root = fileURLToPath(new URL('../../data/prove', import.meta.url))
const faultsOfRound = 20

interface Stage {
  postgres: Engine
  broker: Broker | null
  directory: string
}

/** Whether outbox, relay, bus and consumers keep their promise in the whole fleet. */
export async function proveMessaging(args: string[]): Promise<boolean> {
  const options = readOptions(args)
  if (!options) {
    console.log(help)
    return true
  }
  return untilInterrupted(async (stop) => {
    await using stack = new AsyncDisposableStack()
    const stage = await openStage(options, stack)
    const play = options.scenario === 'faults' ? playFaults : playScenario
    const isProved = await play(options, stage, stop)
    if (isProved) await rm(stage.directory, { recursive: true, force: true, maxRetries: 3 })
    else console.log(`  the logs of the services stay in ${stage.directory}`)
    return isProved
  })
}

async function openStage({ bus }: MessagingOptions, stack: AsyncDisposableStack): Promise<Stage> {
  await mkdir(root, { recursive: true })
  const directory = await mkdtemp(join(root, `messaging-${bus}-`))
  const postgres = stack.use(await engines.start('postgres'))
  const broker = bus === 'memory' ? null : stack.use(await engines.start('rabbitmq', { version: bus }))
  console.log([postgres, broker].flatMap((it) => it?.origin ?? []).join('; '))
  return { postgres, broker, directory }
}

async function playFaults(options: MessagingOptions, stage: Stage, stop: AbortSignal): Promise<boolean> {
  const { bus, faults, resume } = options
  const title = bus === 'memory' ? 'messaging in process' : `messaging on RabbitMQ ${bus}`
  const state = stateFile(join(root, `messaging-${bus}.json`), totalsSchema)
  let totals: Totals = (resume && (await state.read())) || noTotals(options.seed)
  console.log(`${title}: seed ${totals.seed}, ${totals.struck} of ${faults} faults done`)
  while (totals.struck < faults) {
    const round = totals.rounds + 1
    const random = createRandom(totals.seed + round)
    const count = Math.min(faultsOfRound, faults - totals.struck)
    const parts = { ...stage, name: roundName('', round), random, stop }
    const result = await playRound(parts, (fleet) => strike(fleet, { random, stop, count }))
    totals = addRound(totals, result)
    await state.write(totals)
    const verdict = isClean(result.findings) ? 'clean' : `not clean ${JSON.stringify(result.findings)}`
    console.log(`  ${totals.struck} faults, ${totals.acknowledged} writes: ${verdict}`)
  }
  console.log(describeTotals(title, totals))
  return isClean(totals.findings)
}

async function playScenario(options: MessagingOptions, stage: Stage, stop: AbortSignal): Promise<boolean> {
  const { bus, scenario, seconds, seed } = options
  const { broker } = stage
  if (!broker) throw new Error(`--${scenario} needs a broker`)
  const title = `${scenario} of ${seconds} s on RabbitMQ ${bus}`
  console.log(`${title}: seed ${seed}`)
  let bounds: Bound[] = []
  const parts = { ...stage, name: roundName(scenario, 1), random: createRandom(seed), stop }
  const result = await playRound(parts, async (fleet, load) => {
    bounds = await (scenario === 'alarm' ? alarm : outage)({ fleet, broker, load, seconds, stop })
    return { [title]: 1 }
  })
  console.log(describeTotals(title, addRound(noTotals(seed), result)))
  for (const bound of bounds) console.log(describeBound(bound))
  return isClean(result.findings) && bounds.every(holds)
}
