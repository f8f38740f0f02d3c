/** What a request was to make; its mark is in what it makes, and in nothing else. */
export type Kind = 'sandbox' | 'file' | 'user'

export interface Entry {
  kind: Kind
  mark: string
  isAcknowledged: boolean
}

/** What the stores hold of one mark: how often it was made, and how often it was announced. */
export interface Found {
  kind: Kind
  mark: string
  made: number
  announced: number
}

export interface Audit {
  /** Acknowledged, and not there or not announced. */
  lost: string[]
  /** There or announced, and never asked for. */
  invented: string[]
  /** Made or announced more than once. */
  twice: string[]
  /** Made and not announced, or announced and not made. */
  apart: string[]
}

const keyOf = ({ kind, mark }: { kind: Kind; mark: string }) => `${kind} ${mark}`

/** Compares what was asked for and acknowledged with what is there. Knows nothing of how either came about. */
export function audit(entries: readonly Entry[], found: readonly Found[]): Audit {
  const asked = new Set(entries.map(keyOf))
  const there = new Map(found.map((it) => [keyOf(it), it]))
  const isLost = (it: Found | undefined) => it === undefined || it.made === 0 || it.announced === 0
  return {
    lost: entries.filter((it) => it.isAcknowledged && isLost(there.get(keyOf(it)))).map(keyOf),
    invented: found.map(keyOf).filter((key) => !asked.has(key)),
    twice: found.filter((it) => it.made > 1 || it.announced > 1).map(keyOf),
    apart: found.filter((it) => it.made !== it.announced).map(keyOf),
  }
}
