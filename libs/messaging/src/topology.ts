import type { QueueTopology } from './bus.ts'

export const exchangeOf = (owner: string) => `${owner}.events`

export const ownerOf = (type: string) => type.split('.', 1)[0] ?? ''

export const deadQueueOf = (queue: string) => `${queue}.dead`

/** `<queue>.retry-5s`, `<queue>.retry-30s`, `<queue>.retry-5m` for the default delays. */
export const retryQueueOf = (queue: string, delayMs: number) => `${queue}.retry-${durationText(delayMs)}`

function durationText(ms: number): string {
  if (ms % 60_000 === 0) return `${ms / 60_000}m`
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`
}

/** Every queue that a consumer's queue brings with it, itself included. */
export function queuesOf({ name, retryDelaysMs }: QueueTopology): string[] {
  return [name, ...retryDelaysMs.map((delayMs) => retryQueueOf(name, delayMs)), deadQueueOf(name)]
}
