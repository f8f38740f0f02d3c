import { createHash } from 'node:crypto'
import type { Fate } from '../../harness/ledger.ts'
import type { Random } from '../../harness/random.ts'

/** Where a store is, and the part of it that a round has for itself. */
export interface StorePlace {
  url: string
  /** The service's own database, where that is another engine. */
  databaseUrl?: string
  /** Letters and digits. */
  space: string
}

/**
 * A store as its callers use it. A command is known by its id alone: what it writes follows from that, so that the
 * ledger says what must be there.
 */
export interface ProvedStore extends AsyncDisposable {
  /** True when it was done, false when it was refused; throws when nobody knows. */
  obey(id: string): Promise<boolean>
}

/** What is asked of a store, one command after the other. */
export interface Workload {
  next(): string
  settled(id: string, fate: Fate): void
}

/** What the ledger and the store disagree about, by name; all empty when everything held. */
export interface Discrepancies {
  /** Acknowledged, and not there any more. */
  lost: string[]
  /** Not what was written, or half of what belongs together. */
  torn: string[]
  /** There, and never asked for, or refused. */
  invented: string[]
}

export interface StoreProof {
  createWorkload(random: Random): Workload
  /** Whether a command takes as long as its bytes flow; all others end in time. */
  mayTakeLong?(id: string): boolean
  open(place: StorePlace): Promise<ProvedStore>
  compare(place: StorePlace, fates: Map<string, Fate>): Promise<Discrepancies>
}

/** Bytes that follow from a name; a part of them is not the whole. */
export function contentOf(name: string, sizeBytes: number): Buffer {
  const block = createHash('sha512').update(name).digest()
  const content = Buffer.alloc(sizeBytes, block)
  content.write(`${sizeBytes} ${name}`.slice(0, sizeBytes))
  return content
}

/** Between 0 and `below`, always the same for a name. */
export const numberOf = (name: string, below: number): number =>
  createHash('sha256').update(name).digest().readUInt32BE() % below

/** Names of what was acknowledged and not deleted, from which one can be taken to delete it. */
export function createPool(random: Random) {
  const names: string[] = []
  return {
    add: (name: string) => void names.push(name),
    isEmpty: () => names.length === 0,
    any: () => names[random.between(0, names.length - 1)] ?? '',
    take: () => names.splice(random.between(0, names.length - 1), 1)[0] ?? '',
  }
}
