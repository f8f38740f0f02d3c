import { setTimeout as delay } from 'node:timers/promises'
import type { Engine, TcpProxy } from '@sandkeep/testkit'
import type { Random } from '../harness/random.ts'

/** What happens to an engine while it is written to, or to the network before it. */
export const disturbances = ['pause', 'cut-off', 'black-hole', 'half-open', 'reset'] as const
export type Fault = 'kill' | (typeof disturbances)[number]

/** An engine behind an edge that can fail. */
export interface Edge {
  engine: Engine
  proxy: TcpProxy
}

/** Longer than any answer may take, so that nothing is answered only because the fault is over. */
export const longOutageMs = 6_500

/** Lets the fault begin, and end after so many milliseconds (and what it takes to start again after a kill). */
export async function strike(fault: Fault, { engine, proxy }: Edge, outageMs: number): Promise<void> {
  if (fault === 'kill') {
    await engine.kill()
    await delay(outageMs)
    await engine.restart()
  } else if (fault === 'pause') {
    await engine.pause()
    await delay(outageMs)
    await engine.resume()
  } else {
    await proxy.inject({ kind: fault })
    await delay(outageMs)
    await proxy.heal()
  }
}

/** Whoever is told of the fault can go on at once: it is short. Who hangs is shown for long. */
export function drawOutage(random: Random, fault: Fault): number {
  if (fault === 'kill') return random.between(0, 600)
  return fault === 'reset' || fault === 'cut-off' ? random.between(100, 1_500) : longOutageMs
}

export const onlyKills = (_random: Random, kills: number): Fault[] =>
  Array.from({ length: kills }, () => 'kill')

/** So many kills, with each disturbance once among them, at a random place. */
export function drawFaults(random: Random, kills: number): Fault[] {
  const faults = onlyKills(random, kills)
  for (const fault of disturbances) faults.splice(random.between(0, faults.length), 0, fault)
  return faults
}
