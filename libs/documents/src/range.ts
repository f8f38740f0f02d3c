import type { Key, Layout } from './definition.ts'
import type { KeyValue, Position, Range } from './documents.ts'

const maxLimit = 1_000

/** A range that was checked: which fields are fixed, and which order the documents. */
export interface PlannedRange {
  prefix: { field: string; value: KeyValue; isInList: boolean }[]
  order: string[]
  after: Position
  before: Position
  limit: number
  descending: boolean
}

export function planRange(layout: Layout, range: Range): PlannedRange {
  const key = layout.keys.get(range.key)
  if (!key) throw new RangeError(`Collection ${layout.name} has no key ${JSON.stringify(range.key)}`)
  checkLimit(range.limit)
  const { prefix = [], after = [], before = [], descending = false } = range
  const fields = positionFields(key)
  checkValues(layout, key, fields, prefix)
  const isList = layout.fields.get(fields[0] ?? '') === 'texts'
  if (isList && prefix.length === 0) throw new RangeError(`Key ${key.name} is read for one value, as prefix`)
  const order = fields.slice(prefix.length)
  checkValues(layout, key, order, after)
  checkValues(layout, key, order, before)
  return {
    prefix: prefix.map((value, i) => ({ field: fields[i] ?? '', value, isInList: isList && i === 0 })),
    order: order.length > 0 ? order : ['id'],
    after,
    before,
    limit: range.limit,
    descending,
  }
}

/** The fields that make a position in the order of the key unique. */
function positionFields(key: Key): string[] {
  return key.unique ? [...key.fields] : [...key.fields, 'id']
}

export function checkLimit(limit: number): void {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > maxLimit) {
    throw new RangeError(`A limit of documents is from 1 to ${maxLimit}, not ${limit}`)
  }
}

function checkValues(layout: Layout, key: Key, fields: string[], values: readonly KeyValue[]): void {
  if (values.length > fields.length)
    throw new RangeError(`Key ${key.name} has no more than ${fields.length} values here`)
  for (const [i, value] of values.entries()) {
    const type = layout.fields.get(fields[i] ?? '') === 'number' ? 'number' : 'string'
    if (typeof value !== type) throw new RangeError(`"${fields[i]}" of key ${key.name} is a ${type}`)
  }
}

/** Where a document stands in an order. */
export function positionOf(document: object, order: readonly string[]): KeyValue[] {
  return order.map((field) => {
    const value: unknown = Reflect.get(document, field)
    if (typeof value === 'string' || typeof value === 'number') return value
    throw new TypeError(`The stored document has no ${field}`)
  })
}
