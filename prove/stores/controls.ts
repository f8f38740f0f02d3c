import { isClean } from '../harness/counts.ts'
import { createRandom } from '../harness/random.ts'
import { roundName } from '../harness/round-name.ts'
import type { Fault } from './faults.ts'
import { describeFindings } from './findings.ts'
import type { StoresOptions } from './options.ts'
import { playRound } from './round.ts'
import { type Subject, setStage } from './subjects.ts'
import type { WriterOptions } from './writer-protocol.ts'

export interface Run {
  /** For ledgers. */
  directory: string
  stop: AbortSignal
}

/** What keeps a store's promise: taken away, the proof must see it. */
interface Protection {
  name: string
  /** Of the writer. */
  without?: NonNullable<WriterOptions['without']>
  durable?: boolean
}

const kills: readonly Fault[] = Array.from({ length: 6 }, () => 'kill')

/** Takes each protection from each store in turn: holds only if the proof fails each time. */
export async function playControls(options: StoresOptions, run: Run): Promise<boolean> {
  const unseen: string[] = []
  for (const subject of options.subjects) {
    for (const protection of protectionsOf(subject)) {
      const title = `${subject.name} without ${protection.name}`
      const found = await playWithout(protection, subject, { options, run })
      console.log(`  ${title}: ${found || 'NOTHING IS SEEN'}`)
      if (found === '') unseen.push(title)
    }
  }
  console.log(
    unseen.length > 0
      ? `controls: THE PROOF IS BLIND to ${unseen.join(', ')}`
      : 'controls: the proof fails without each protection, as it must',
  )
  return unseen.length === 0
}

function protectionsOf({ engine }: Subject): Protection[] {
  const awaited: Protection = { name: 'waiting for its answer', without: 'answers' }
  // What a flush to the disk adds is only seen when the power fails: a kill leaves what the kernel was given.
  if (engine === null) return [awaited, { name: 'staging', without: 'staging' }]
  return engine.canForget ? [awaited, { name: 'a log that is written first', durable: false }] : [awaited]
}

async function playWithout(
  { without, durable = true }: Protection,
  subject: Subject,
  { options, run }: { options: StoresOptions; run: Run },
): Promise<string> {
  await using stack = new AsyncDisposableStack()
  const stage = await setStage(subject, { directory: run.directory, stack, durable })
  const space = roundName('', 1)
  const { findings } = await playRound({
    ...run,
    ...(await stage.prepare(space)),
    port: subject.port,
    edge: stage.edge,
    connections: subject.engine?.connections ?? 0,
    space,
    faults: kills,
    random: createRandom(options.seed),
    ...(without && { without }),
  })
  return isClean(findings) ? '' : describeFindings(findings)
}
