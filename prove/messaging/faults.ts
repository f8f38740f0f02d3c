import { setTimeout as delay } from 'node:timers/promises'
import type { TcpFault, TcpProxy } from '@sandkeep/testkit'
import type { Random } from '../harness/random.ts'
import type { Fleet, Station } from './fleet.ts'
import type { Point } from './process-protocol.ts'

/** A thing that goes wrong, and how it comes right again: resolves when it has. */
interface Fault {
  name: string
  strike(random: Random): Promise<void>
}

const cuts: readonly [TcpFault, ...TcpFault[]] = [
  { kind: 'cut-off' },
  { kind: 'reset' },
  { kind: 'black-hole' },
  { kind: 'half-open' },
]
/** Some of them longer than the time-outs and the heartbeats. */
const pausesMs: readonly [number, ...number[]] = [500, 1_000, 2_000, 4_000, 6_000, 25_000]

/** Every fault that can befall the fleet, the broker's death more often than others. */
function faultsOf(fleet: Fleet): Fault[] {
  return [
    ...fleet.stations.flatMap((station) => faultsOfStation(station)),
    ...(fleet.broker
      ? [...Array(3).fill(killed(fleet.broker, 'broker')), paused(fleet.broker, 'broker')]
      : []),
    killed(fleet.postgres, 'database'),
    paused(fleet.postgres, 'database'),
  ]
}

/** Faults without end: each comes once, in an order of chance, before any comes again. */
export function createDeck(fleet: Fleet, random: Random): { draw(): Fault } {
  const faults = faultsOf(fleet)
  let left: Fault[] = []
  return {
    draw() {
      if (left.length === 0) left = [...faults]
      const [fault] = left.splice(random.between(0, left.length - 1), 1)
      if (!fault) throw new Error('there are no faults')
      return fault
    },
  }
}

function faultsOfStation(station: Station): Fault[] {
  const { name, toBus, toDatabase } = station
  const publishes = name !== 'effects'
  const handles = name !== 'identity' && name !== 'sandbox'
  const places: Point[] = [
    ...(publishes ? (['before-publish', 'after-publish'] as const) : []),
    ...(handles ? (['after-handle', 'before-acknowledge'] as const) : []),
  ]
  return [
    {
      name: `${name} killed`,
      async strike(random) {
        await station.kill()
        await delay(random.between(0, 1_000))
        await station.start()
      },
    },
    ...places.map((point) => diesAt(station, point)),
    paused({ pause: async () => station.pause(), resume: async () => station.resume() }, name),
    ...(toBus ? [cut(toBus, `${name} cut off from the broker`)] : []),
    cut(toDatabase, `${name} cut off from the database`),
  ]
}

const diesAt = (station: Station, point: Point): Fault => ({
  name: `${station.name} killed ${point.replaceAll('-', ' ')}`,
  async strike(random) {
    await station.dieAt(point, random.between(1, 40))
    await station.start()
  },
})

interface Killable {
  kill(): Promise<void>
  restart(): Promise<void>
}

const killed = (engine: Killable, name: string): Fault => ({
  name: `${name} killed`,
  async strike(random) {
    await engine.kill()
    await delay(random.between(0, 2_000))
    await engine.restart()
  },
})

interface Pausable {
  pause(): Promise<void>
  resume(): Promise<void>
}

const paused = (it: Pausable, name: string): Fault => ({
  name: `${name} paused`,
  async strike(random) {
    await it.pause()
    await delay(random.pick(pausesMs))
    await it.resume()
  },
})

const cut = (proxy: TcpProxy, name: string): Fault => ({
  name,
  async strike(random) {
    await proxy.inject(random.pick(cuts))
    await delay(random.pick(pausesMs))
    await proxy.heal()
  },
})
