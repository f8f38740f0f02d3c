import { type Filter, ObjectId } from 'mongodb'
import { checkBatch, checkDistinct, checkNewer } from '../batch.ts'
import type { Layout } from '../definition.ts'
import type { Change, ChangeResult, Collection, Document, InsertResult, Page, Range } from '../documents.ts'
import { DocumentKeyTakenError } from '../errors.ts'
import { checkLimit, planRange, positionOf } from '../range.ts'
import type { Validate } from '../validator.ts'
import { makeChanges } from './make-changes.ts'
import { isVisible, rangeFilter, rangeSort } from './range-filter.ts'
import { deleteEach, insertRows, type Operation, type Rows, writtenBy } from './rows.ts'
import { fromStored, type Stored, toStored } from './stored.ts'
import { isDuplicate, writeErrorOf } from './write-errors.ts'

/** A page ends with the document that reaches this, so that no page is large. */
const maxPageBytes = 8 * 1024 * 1024

export class MongoCollection<T extends Document> implements Collection<T> {
  readonly #rows: Rows
  readonly #layout: Layout
  readonly #validate: Validate

  constructor(rows: Rows, layout: Layout, validate: Validate) {
    this.#rows = rows
    this.#layout = layout
    this.#validate = validate
  }

  async insert(documents: readonly T[]): Promise<InsertResult[]> {
    checkBatch(documents.length)
    checkDistinct(documents.map((it) => it.id))
    if (documents.length === 0) return []
    const write = new ObjectId()
    const rows = documents.map((it) => this.#stored(it, write))
    const refused = await insertRows(this.#rows, rows, write)
    return documents.map((it) => (refused.has(it.id) ? 'conflict' : 'inserted'))
  }

  async get(id: string): Promise<T | null> {
    const { store, limits } = this.#rows
    const found = await store.findOne({ _id: id, ...this.#visible() }, limits)
    return found && fromStored<T>(found)
  }

  async getMany(ids: readonly string[]): Promise<T[]> {
    checkBatch(ids.length)
    if (ids.length === 0) return []
    const { store, limits } = this.#rows
    const rows = await store.find({ _id: { $in: [...ids] }, ...this.#visible() }, limits).toArray()
    const found = new Map(rows.map((row) => [row._id, fromStored<T>(row)]))
    return ids.flatMap((id) => found.get(id) ?? [])
  }

  async range(range: Range): Promise<Page<T>> {
    const plan = planRange(this.#layout, range)
    const { store, limits } = this.#rows
    const wanted = plan.limit + 1
    await using cursor = store
      .find(rangeFilter(plan, this.#visible()), { ...limits, batchSize: wanted, limit: wanted })
      .sort(rangeSort(plan))
    const items: T[] = []
    let bytes = 0
    for await (const row of cursor) {
      const last = items.at(-1)
      if (last && (items.length === plan.limit || bytes >= maxPageBytes)) {
        return { items, nextAfter: positionOf(last, plan.order) }
      }
      items.push(fromStored<T>(row))
      bytes += row._size ?? 0
    }
    return { items }
  }

  async replace(document: T & { version: number }, { ifVersion }: { ifVersion: number }): Promise<boolean> {
    const write = new ObjectId()
    const { filter, replacement } = this.#replacement(document, ifVersion, write)
    try {
      const { matchedCount } = await this.#rows.store.replaceOne(filter, replacement, this.#rows.limits)
      return matchedCount === 1 || (await writtenBy(this.#rows, [document.id], write)).size === 1
    } catch (error) {
      if (isDuplicate(error)) throw new DocumentKeyTakenError(this.#layout.name, document.id)
      throw writeErrorOf(error, this.#layout.name)
    }
  }

  async delete(ids: readonly string[]): Promise<number> {
    checkBatch(ids.length)
    const all = new Set(ids)
    const deleted = await deleteEach(this.#rows, all, this.#visible())
    // The others may be there and expired.
    if (deleted < all.size && this.#layout.expiresAt !== undefined) await deleteEach(this.#rows, all, {})
    return deleted
  }

  async change(changes: readonly Change<T>[]): Promise<ChangeResult> {
    checkBatch(changes.length)
    if (changes.length === 0) return { applied: true }
    const write = new ObjectId()
    return makeChanges(
      this.#rows,
      changes.map((change) => this.#operation(change, write)),
      write,
    )
  }

  async purgeExpired(limit = 1_000): Promise<number> {
    checkLimit(limit)
    const { store, limits } = this.#rows
    const expired: Filter<Stored> = { _expiresAt: { $lte: new Date() } }
    const options = { ...limits, limit, projection: { _id: 1 } }
    const rows = await store.find(expired, options).sort({ _expiresAt: 1 }).toArray()
    return deleteEach(
      this.#rows,
      rows.map((row) => row._id),
      expired,
    )
  }

  #operation(change: Change<T>, write: ObjectId): Operation {
    if ('delete' in change) return { deleteOne: { filter: { _id: change.delete } } }
    if ('insert' in change) return { insertOne: { document: this.#stored(change.insert, write) } }
    return { replaceOne: this.#replacement(change.replace, change.ifVersion, write) }
  }

  #replacement(document: T & { version: number }, ifVersion: number, write: ObjectId) {
    checkNewer(document.version, ifVersion)
    const filter: Filter<Stored> = { _id: document.id, version: ifVersion, ...this.#visible() }
    return { filter, replacement: this.#stored(document, write) }
  }

  #stored(document: T, write: ObjectId): Stored {
    const storable = this.#validate(document)
    const { expiresAt } = this.#layout
    const expiry: unknown = expiresAt === undefined ? undefined : Reflect.get(document, expiresAt)
    return toStored(storable, { write, expiresAt: typeof expiry === 'string' ? expiry : undefined })
  }

  #visible(): Filter<Stored> {
    return this.#layout.expiresAt === undefined ? {} : isVisible(new Date())
  }
}
