import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Secret } from '../config/secret.ts'
import { DomainError } from '../problem/domain-error.ts'

export class InvalidCursorError extends DomainError {
  override readonly name = 'InvalidCursorError'
  constructor() {
    super({
      kind: 'malformed',
      code: 'invalid_cursor',
      message: 'The cursor is not one that this list gave. Start again without it.',
      errors: [{ pointer: '/query/cursor', code: 'invalid_cursor', message: 'is not a cursor of this list' }],
    })
  }
}

/** The query of every list. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('Most items in the answer'),
  cursor: z.string().min(1).max(1_000).optional().describe('nextCursor of the page before'),
})

/** The answer of every list. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    nextCursor: z.string().optional().describe('Absent on the last page'),
  })

/** Seals the place where a page ended, so that it cannot be read as a promise nor made up. */
export interface Cursors {
  seal(place: unknown): string
  /** Throws `InvalidCursorError`. */
  open(cursor: string): unknown
}

/** The pages of one list. `P` is where a page ended: what the sort key and the id of its last row were. */
export interface Pages<P> {
  /** Where to go on; undefined for the first page. Throws `InvalidCursorError`. */
  start(cursor: string | undefined): P | undefined
  /** The answer, from up to one row more than `limit`: that there is one more shows that there is another page. */
  answer<R, V>(rows: R[], page: { limit: number; view: (row: R) => V; placeOf: (row: R) => P }): Page<V>
}

interface Page<V> {
  items: V[]
  nextCursor?: string
}

export function createPages<P>(cursors: Cursors, place: z.ZodType<P>): Pages<P> {
  return {
    start: (cursor) => (cursor === undefined ? undefined : place.parse(cursors.open(cursor))),
    answer(rows, { limit, view, placeOf }) {
      const onPage = rows.slice(0, limit)
      const last = rows.length > limit ? onPage.at(-1) : undefined
      return { items: onPage.map(view), ...(last && { nextCursor: cursors.seal(placeOf(last)) }) }
    },
  }
}

const macBytes = 16

/** Cursors of one list: those of another list, or under another secret, are refused. */
export function createCursors(secret: Secret, list: string): Cursors {
  const macOf = (bytes: Buffer) =>
    createHmac('sha256', secret.reveal())
      .update(`cursor ${list}\0`)
      .update(bytes)
      .digest()
      .subarray(0, macBytes)
  return {
    seal(place) {
      const bytes = Buffer.from(JSON.stringify(place))
      return Buffer.concat([macOf(bytes), bytes]).toString('base64url')
    },
    open(cursor) {
      const sealed = Buffer.from(cursor, 'base64url')
      const mac = sealed.subarray(0, macBytes)
      const bytes = sealed.subarray(macBytes)
      if (mac.length !== macBytes || !timingSafeEqual(mac, macOf(bytes))) throw new InvalidCursorError()
      return JSON.parse(bytes.toString())
    },
  }
}
