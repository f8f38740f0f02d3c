import { type Database, isUniqueViolation, type Tx } from '@sandkeep/postgres'
import { checkBatch, checkDistinct, checkNewer } from '../batch.ts'
import type { Layout } from '../definition.ts'
import type { Change, ChangeResult, Collection, Document, InsertResult, Page, Range } from '../documents.ts'
import { DocumentKeyTakenError } from '../errors.ts'
import { checkLimit, planRange, positionOf } from '../range.ts'
import type { Validate } from '../validator.ts'
import { retryingDeadlocks } from './deadlock.ts'
import { inLockOrder } from './lock-order.ts'
import { createStatements, type Row } from './statements.ts'

interface Stored<T> {
  body: T
}

/** Ends a transaction in which a change could not be made. */
class ChangeRefused extends Error {
  readonly failedAt: number

  constructor(failedAt: number) {
    super(`change ${failedAt} was refused`)
    this.failedAt = failedAt
  }
}

export class PostgresCollection<T extends Document> implements Collection<T> {
  readonly #db: Database
  readonly #layout: Layout
  readonly #validate: Validate
  readonly #statements: ReturnType<typeof createStatements>

  constructor(db: Database, layout: Layout, validate: Validate) {
    this.#db = db
    this.#layout = layout
    this.#validate = validate
    this.#statements = createStatements(layout)
  }

  async insert(documents: readonly T[]): Promise<InsertResult[]> {
    checkBatch(documents.length)
    checkDistinct(documents.map((it) => it.id))
    if (documents.length === 0) return []
    const rows = inLockOrder(
      this.#layout,
      documents.map((it) => this.#row(it)),
    )
    const statement = this.#statements.insert(rows)
    const inserted = await retryingDeadlocks(() => this.#db.query<{ id: string }>(statement))
    const ids = new Set(inserted.map((it) => it.id))
    return documents.map((it) => (ids.has(it.id) ? 'inserted' : 'conflict'))
  }

  async get(id: string): Promise<T | null> {
    const row = await this.#db.one<Stored<T>>(this.#statements.get(id))
    return row?.body ?? null
  }

  async getMany(ids: readonly string[]): Promise<T[]> {
    checkBatch(ids.length)
    const rows = await this.#db.query<Stored<T>>(this.#statements.select(ids))
    const found = new Map(rows.map(({ body }) => [body.id, body]))
    return ids.flatMap((id) => found.get(id) ?? [])
  }

  async range(range: Range): Promise<Page<T>> {
    const plan = planRange(this.#layout, range)
    const rows = await this.#db.query<Stored<T> & { found: number }>(this.#statements.range(plan))
    const items = rows.slice(0, plan.limit).map(({ body }) => body)
    const last = items.at(-1)
    const more = (rows[0]?.found ?? 0) > items.length
    return more && last ? { items, nextAfter: positionOf(last, plan.order) } : { items }
  }

  async replace(document: T & { version: number }, options: { ifVersion: number }): Promise<boolean> {
    const row = this.#replacement(document, options.ifVersion)
    const outcome = await this.#update(this.#db, row, options.ifVersion)
    if (outcome === 'taken') throw new DocumentKeyTakenError(this.#layout.name, document.id)
    return outcome === 'replaced'
  }

  async delete(ids: readonly string[]): Promise<number> {
    checkBatch(ids.length)
    const statement = this.#statements.delete(ids)
    const row = await retryingDeadlocks(() => this.#db.one<{ deleted: number }>(statement))
    return row?.deleted ?? 0
  }

  async change(changes: readonly Change<T>[]): Promise<ChangeResult> {
    checkBatch(changes.length)
    if (changes.length === 0) return { applied: true }
    const steps = changes.map((change) => this.#step(change))
    try {
      await retryingDeadlocks(() =>
        this.#db.transaction(async (tx) => {
          await tx.query(this.#statements.lock(changes.map(idOf)))
          for (const [index, step] of steps.entries()) if (!(await step(tx))) throw new ChangeRefused(index)
        }),
      )
      return { applied: true }
    } catch (error) {
      if (error instanceof ChangeRefused) return { applied: false, failedAt: error.failedAt }
      throw error
    }
  }

  async purgeExpired(limit = 1_000): Promise<number> {
    checkLimit(limit)
    return this.#db.run(this.#statements.purge(limit))
  }

  /** Checks the change now; the returned function makes it and tells whether it could. */
  #step(change: Change<T>): (tx: Tx) => Promise<boolean> {
    if ('delete' in change) {
      return async (tx) => {
        await tx.query(this.#statements.delete([change.delete]))
        return true
      }
    }
    if ('insert' in change) {
      const row = this.#row(change.insert)
      return async (tx) => (await tx.run(this.#statements.insert([row]))) === 1
    }
    const { replace, ifVersion } = change
    const row = this.#replacement(replace, ifVersion)
    return async (tx) => (await this.#update(tx, row, ifVersion)) === 'replaced'
  }

  #replacement(document: T & { version: number }, ifVersion: number): Row {
    checkNewer(document.version, ifVersion)
    return this.#row(document)
  }

  async #update(tx: Tx, row: Row, ifVersion: number): Promise<'replaced' | 'stale' | 'taken'> {
    try {
      return (await tx.run(this.#statements.replace(row, ifVersion))) === 1 ? 'replaced' : 'stale'
    } catch (error) {
      if (isUniqueViolation(error)) return 'taken'
      throw error
    }
  }

  #row(document: T): Row {
    const json = JSON.stringify(this.#validate(document).document)
    const value = (field: string): unknown => Reflect.get(document, field)
    const { fields, expiresAt } = this.#layout
    return {
      id: document.id,
      fields: new Map([...fields.keys()].map((field) => [field, value(field)])),
      expiresAt: expiresAt === undefined ? null : ((value(expiresAt) as string | undefined) ?? null),
      json,
      sizeBytes: Buffer.byteLength(json),
    }
  }
}

function idOf<T extends Document>(change: Change<T>): string {
  if ('delete' in change) return change.delete
  return 'insert' in change ? change.insert.id : change.replace.id
}
