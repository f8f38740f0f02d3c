import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { benchDirectory } from '../harness/engines.ts'
import type { Contender } from '../harness/rounds.ts'
import type { Figures } from '../harness/statistics.ts'
import type { WorkOrder } from './work-process.ts'

/** One side of a pair, in a process of its own for all of its rounds. */
export async function workContender(
  order: WorkOrder,
  profile: boolean,
  stack: AsyncDisposableStack,
): Promise<Contender> {
  const name = `${order.pair} ${order.side}`
  const execArgv = profile ? ['--cpu-prof', `--cpu-prof-dir=${join(benchDirectory, 'profiles')}`] : []
  const child = fork(join(import.meta.dirname, 'work-process.ts'), { serialization: 'advanced', execArgv })
  stack.defer(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.disconnect()
    await exited
  })
  await ask(child, order, name)
  return { name, run: (seconds) => ask<Figures>(child, seconds, name) }
}

function ask<T>(child: ChildProcess, message: WorkOrder | number, name: string): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const ended = (code: number | null) => reject(new Error(`${name} ended with ${code} and no report`))
  child.once('exit', ended)
  child.once('message', (answer: T) => {
    child.off('exit', ended)
    resolve(answer)
  })
  child.send(message)
  return promise
}
