import { isDeepStrictEqual } from 'node:util'
import type { Fate } from '../../harness/ledger.ts'
import type { Discrepancies } from './proved-store.ts'
import { batchSize, type Row, rowOf } from './row.ts'

/** Compares what the documents are with what the ledger says of the commands that made them. */
export function compareDocuments(rows: Row[], fates: Map<string, Fate>): Discrepancies {
  const {
    entry: entries = [],
    slot: slots = [],
    batch: batches = [],
  } = Object.groupBy(rows, (row) => row.kind)
  const writtenBy = new Set(entries.map((it) => it.by))
  const sizes = Map.groupBy(batches, (it) => it.group)
  const unwritten = [...fates].filter(([id, fate]) => {
    const [kind, group = ''] = id.split(':')
    if (fate !== 'ok') return false
    if (kind === 'change') return !writtenBy.has(id)
    if (kind === 'delete') return sizes.has(group)
    return !fates.has(`delete:${group}`) && sizes.get(group)?.length !== batchSize
  })
  const chains = Map.groupBy(entries, (it) => it.group)
  const groups = new Set([...chains.keys(), ...slots.map((it) => it.id)])
  const isBroken = (group: string) =>
    !isWhole(
      slots.find((it) => it.id === group),
      chains.get(group) ?? [],
    )
  return {
    lost: unwritten.map(([id]) => id),
    torn: [
      ...rows.filter((row) => !isDeepStrictEqual(row, rowOf(row))).map((it) => it.id),
      ...[...groups].filter(isBroken),
    ],
    invented: rows.filter(({ by }) => (fates.get(by) ?? 'refused') === 'refused').map((it) => it.by),
  }
}

/** Whether a slot has one entry for each of its versions, the newest written by the same command. */
function isWhole(slot: Row | undefined, entries: Row[]): boolean {
  const inOrder = entries.toSorted((a, b) => a.version - b.version)
  return (
    inOrder.length === slot?.version &&
    inOrder.every((it, i) => it.version === i + 1) &&
    inOrder.at(-1)?.by === slot.by
  )
}
