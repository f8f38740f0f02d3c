import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { Broker } from '@sandkeep/testkit'
import type { Fleet } from './fleet.ts'
import type { Load } from './load.ts'

/** One figure beside the most that it may be. */
export interface Bound {
  name: string
  unit: string
  value: number
  atMost: number
}

export const holds = ({ value, atMost }: Bound) => value <= atMost

export const describeBound = (bound: Bound) =>
  `  ${bound.name.padEnd(44)}${bound.value.toFixed(1).padStart(9)} ${bound.unit} (at most ${bound.atMost.toFixed(1)})${holds(bound) ? '' : ': DOES NOT HOLD'}`

const calmSeconds = 20
const pollMs = 500

export interface ScenarioParts {
  fleet: Fleet
  broker: Broker
  load: Load
  seconds: number
  stop: AbortSignal
}

/** The broker is away: writes go on as before, memory stays, and what waits is worked off once it is back. */
export async function outage({ fleet, broker, load, seconds, stop }: ScenarioParts): Promise<Bound[]> {
  await delay(calmSeconds * 1_000, undefined, { signal: stop })
  const before = p99(load.takeDurations())
  const memoryBefore = await memoryOf(fleet)
  await broker.kill()
  await delay(seconds * 1_000, undefined, { signal: stop })
  const during = p99(load.takeDurations())
  const memoryDuring = await memoryOf(fleet)
  await broker.restart()
  const drainedSeconds = await drained(fleet, stop)
  const growth = Math.max(...memoryDuring.map((bytes, index) => bytes - (memoryBefore[index] ?? 0)))
  return [
    { name: 'p99 of writes, of that before', unit: 'x ', value: during / before, atMost: 1.5 },
    { name: 'growth of memory of a service', unit: 'MB', value: growth / 1e6, atMost: 50 },
    { name: 'worked off after the return', unit: 's ', value: drainedSeconds, atMost: 60 },
  ]
}

/** The broker takes no messages, for lack of memory: nothing hangs, and what waits is worked off afterwards. */
export async function alarm({ fleet, broker, load, seconds, stop }: ScenarioParts): Promise<Bound[]> {
  await delay(calmSeconds * 1_000, undefined, { signal: stop })
  const before = p99(load.takeDurations())
  await broker.ctl('set_vm_memory_high_watermark', 'absolute', '1MB')
  await delay(seconds * 1_000, undefined, { signal: stop })
  const during = p99(load.takeDurations())
  await broker.ctl('set_vm_memory_high_watermark', '0.4')
  const drainedSeconds = await drained(fleet, stop)
  return [
    { name: 'p99 of writes, of that before', unit: 'x ', value: during / before, atMost: 1.5 },
    { name: 'worked off after the alarm', unit: 's ', value: drainedSeconds, atMost: 30 },
  ]
}

/** Seconds until the outboxes are as empty as writes that go on leave them. */
async function drained(fleet: Fleet, stop: AbortSignal): Promise<number> {
  const startedAt = performance.now()
  const seconds = () => (performance.now() - startedAt) / 1_000
  while (seconds() < 600 && (await fleet.oldestPendingSeconds()) > 2)
    await delay(pollMs, undefined, { signal: stop })
  return seconds()
}

/** Resident bytes of each process of the fleet. */
const memoryOf = (fleet: Fleet): Promise<number[]> =>
  Promise.all(
    fleet.stations.map(async (station) => {
      const status = await readFile(`/proc/${station.pid()}/status`, 'utf8')
      return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1_024
    }),
  )

function p99(durations: number[]): number {
  const sorted = durations.sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length * 0.99)] ?? 0
}
