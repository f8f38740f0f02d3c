import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** What the outcome of a command looked like from outside: nobody answered is neither yes nor no. */
export type Fate = 'ok' | 'refused' | 'unknown'

/**
 * The record that a proof keeps by itself, apart from everything it judges: a line for each command before it is
 * sent, and one for each answer. An id holds no space.
 */
export interface Ledger extends Disposable {
  intend(id: string): void
  acknowledge(id: string): void
  /** The answer was that nothing was done. */
  refuse(id: string): void
  /** Every command that was sent, with its fate. */
  read(): Map<string, Fate>
}

const fateOf: Record<string, Fate> = { ok: 'ok', refused: 'refused' }

export function openLedger(path: string): Ledger {
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(path, 'w')
  return {
    intend: (id) => void writeSync(file, `intent ${id}\n`),
    acknowledge: (id) => void writeSync(file, `ok ${id}\n`),
    refuse: (id) => void writeSync(file, `refused ${id}\n`),
    read() {
      const fates = new Map<string, Fate>()
      for (const line of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
        const [kind = '', id = ''] = line.split(' ')
        fates.set(id, fateOf[kind] ?? 'unknown')
      }
      return fates
    },
    [Symbol.dispose]: () => closeSync(file),
  }
}
