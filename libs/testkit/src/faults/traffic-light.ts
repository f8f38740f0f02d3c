import { setTimeout as delay } from 'node:timers/promises'
import type { TcpFault } from './tcp-fault.ts'

const longestMs = 2 ** 31 - 1
const slicesPerSecond = 20
const largestSlice = 64 * 1024

/** What all bytes of one direction pass: it says when, and learns of a new fault while they wait. */
export interface TrafficLight {
  change(fault: TcpFault | null): void
  /** So many bytes may pass at once. */
  slice(): number
  /** Resolves when bytes that arrived at a time of `performance.now()` may pass. */
  pass(bytes: number, arrivedAt: number): Promise<void>
}

export function createTrafficLight(): TrafficLight {
  let fault: TcpFault | null = null
  let changed = new AbortController()
  let freeAt = 0

  /** Interrupted by a change: the new fault decides anew. */
  const waitUntil = async (at: number): Promise<boolean> => {
    const { signal } = changed
    const ms = Math.min(at - performance.now(), longestMs)
    if (ms > 0) await delay(ms, undefined, { signal }).catch(() => {})
    return !signal.aborted
  }

  const reserve = (bytes: number, bytesPerSecond: number): number => {
    freeAt = Math.max(freeAt, performance.now()) + (bytes / bytesPerSecond) * 1_000
    return freeAt
  }

  const timeToPass = (bytes: number, arrivedAt: number): number => {
    if (fault?.kind === 'latency') return arrivedAt + fault.ms
    if (fault?.kind === 'bandwidth') return reserve(bytes, fault.bytesPerSecond)
    if (fault?.kind === 'black-hole') return Number.POSITIVE_INFINITY
    return 0
  }

  return {
    change(next) {
      fault = next
      freeAt = 0
      changed.abort()
      changed = new AbortController()
    },
    slice: () =>
      fault?.kind === 'bandwidth' ? Math.ceil(fault.bytesPerSecond / slicesPerSecond) : largestSlice,
    async pass(bytes, arrivedAt) {
      while (!(await waitUntil(timeToPass(bytes, arrivedAt))));
    },
  }
}
