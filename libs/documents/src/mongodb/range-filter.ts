import type { Filter, Sort } from 'mongodb'
import type { KeyValue, Position } from '../documents.ts'
import type { PlannedRange } from '../range.ts'
import type { Stored } from './stored.ts'

export const fieldOf = (field: string) => (field === 'id' ? '_id' : field)

/** What the adapter's own members make invisible. */
export function isVisible(now: Date): Filter<Stored> {
  return { _expiresAt: { $not: { $lte: now } } }
}

/**
 * The documents of a range. `after` is spelled out as one alternative for each field: an engine reads each of them from
 * the index in order, and merges.
 */
export function rangeFilter(range: PlannedRange, visible: Filter<Stored>): Filter<Stored> {
  const { order, after, before, descending } = range
  const prefix = Object.fromEntries(range.prefix.map(({ field, value }) => [fieldOf(field), value]))
  const stops = alternatives(order, descending ? '$gt' : '$lt', before)
  const common = { ...prefix, ...visible, ...(stops.length > 0 && { $and: [{ $or: stops }] }) }
  const starts = alternatives(order, descending ? '$lt' : '$gt', after)
  return starts.length > 0 ? { $or: starts.map((start) => ({ ...start, ...common })) } : common
}

/** A row comparison: the first fields are equal, the next one is beyond. */
function alternatives(
  order: readonly string[],
  operator: '$gt' | '$lt',
  position: Position,
): Filter<Stored>[] {
  return position.map((value, i) => {
    const equal = position.slice(0, i).map((it, at): [string, KeyValue] => [fieldOf(order[at] ?? ''), it])
    return { ...Object.fromEntries(equal), [fieldOf(order[i] ?? '')]: { [operator]: value } }
  })
}

export function rangeSort({ order, descending }: PlannedRange): Sort {
  return Object.fromEntries(order.map((field) => [fieldOf(field), descending ? -1 : 1]))
}
