import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { newId } from '@sandkeep/postgres'
import type { Ledger } from '../harness/ledger.ts'
import type { Random } from '../harness/random.ts'
import type { Fault } from './faults.ts'
import { type PairCommand, type PairOptions, pairAnswer } from './pair-protocol.ts'

const outstandingAtOnce = 20
const aggregates = Array.from({ length: 40 }, () => newId())
const startMs = 20_000
/** A place that is visited too seldom is given up; the kill still happens. */
const longestLifeMs = 6_000

export interface LifeOptions {
  pair: Omit<PairOptions, 'kill'>
  ledger: Ledger
  random: Random
  stop: AbortSignal
}

/** Starts a pair, gives it commands without pause, and sees it die of the fault. Answers whether it died of that. */
export async function live({ pair, ledger, random, stop }: LifeOptions, fault: Fault): Promise<boolean> {
  const kill = fault.kind === 'point' ? { point: fault.point, visit: fault.visit } : undefined
  const child = start({ ...pair, ...(kill && { kill }) }, stop)
  const died = once(child, 'exit')
  const send = () => {
    const command: PairCommand = {
      id: newId(),
      aggregateId: aggregates[random.between(0, aggregates.length - 1)] ?? '',
    }
    ledger.intend(command.id)
    child.send(command, () => {})
  }
  let isKilledByProver = false
  const killAfter = (ms: number) =>
    setTimeout(() => {
      isKilledByProver = true
      child.kill('SIGKILL')
    }, ms)
  let timer = killAfter(startMs)

  child.on('message', (message) => {
    const parsed = pairAnswer.parse(message)
    if (!('ready' in parsed)) {
      if ('done' in parsed) ledger.acknowledge(parsed.done)
      if (child.connected) send()
      return
    }
    clearTimeout(timer)
    timer = killAfter(fault.kind === 'instant' ? fault.afterMs : longestLifeMs)
    for (let i = 0; i < outstandingAtOnce; i++) send()
  })

  const [code, signal]: unknown[] = await died
  clearTimeout(timer)
  stop.throwIfAborted()
  if (signal !== 'SIGKILL') throw new Error(`the process ended by itself: exit code ${code}`)
  return isKilledByProver === (fault.kind === 'instant')
}

/** Starts a pair that only works off what is left; disposing ends it. */
export async function finish({ pair, stop }: LifeOptions): Promise<AsyncDisposable> {
  const child = start(pair, stop)
  await once(child, 'message')
  return {
    async [Symbol.asyncDispose]() {
      const died = once(child, 'exit')
      child.kill('SIGKILL')
      await died
    },
  }
}

function start(options: PairOptions, stop: AbortSignal): ChildProcess {
  stop.throwIfAborted()
  const module = fileURLToPath(new URL('pair.ts', import.meta.url))
  const child = fork(module, [JSON.stringify(options)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const kill = () => child.kill('SIGKILL')
  stop.addEventListener('abort', kill)
  child.once('exit', () => stop.removeEventListener('abort', kill))
  return child
}
