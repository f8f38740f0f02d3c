export type Figures = {
  perSecond: number
  p50Ms: number
  p99Ms: number
  /** Processor time that the measured process spent per request, in microseconds. */
  cpuMicros: number
}

/** The value below which `share` of the sorted values lie. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  const index = Math.min(sorted.length - 1, Math.floor(sorted.length * share))
  return sorted[index] ?? Number.NaN
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = percentile(sorted, 0.5)
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[sorted.length / 2 - 1] ?? upper)) / 2
}

/** The median of every figure over the rounds. */
export function summarise(rounds: Figures[]): Figures {
  const of = (pick: (it: Figures) => number) => median(rounds.map(pick))
  return {
    perSecond: of((it) => it.perSecond),
    p50Ms: of((it) => it.p50Ms),
    p99Ms: of((it) => it.p99Ms),
    cpuMicros: of((it) => it.cpuMicros),
  }
}

/** How far the rounds lie apart, as a share of their median. */
export function spread(values: number[]): number {
  return (Math.max(...values) - Math.min(...values)) / median(values)
}
