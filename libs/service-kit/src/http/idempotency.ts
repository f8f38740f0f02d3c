import { createHash, hash } from 'node:crypto'
import { Readable } from 'node:stream'
import { type Database, deleteInBatches, type Query, sql, type Tx } from '@sandkeep/postgres'
import type { FastifyRequest } from 'fastify'
import type { Caller } from '../auth/actor.ts'
import { DomainError } from '../problem/domain-error.ts'

/** What a request is answered with, now and whenever it is repeated. */
export interface Answer<B = unknown> {
  status: number
  headers?: Record<string, string>
  body: B
}

interface Attempt {
  scope: string
  key: string
  fingerprint: Buffer
}

const pointer = '/headers/idempotency-key'
const keyPattern = /^[\x21-\x7e]{1,255}$/

export class IdempotencyKeyInFlightError extends DomainError {
  override readonly name = 'IdempotencyKeyInFlightError'
  constructor() {
    super({
      kind: 'conflict',
      code: 'idempotency_key_in_flight',
      message:
        'A request with this Idempotency-Key is being handled. Repeat it in a moment to get its answer.',
      retryAfterSeconds: 1,
    })
  }
}

class IdempotencyKeyReusedError extends DomainError {
  override readonly name = 'IdempotencyKeyReusedError'
  constructor() {
    super({
      kind: 'invalid',
      code: 'idempotency_key_reused',
      message: 'This Idempotency-Key was used for another request. Use a new key for a new request.',
      errors: [{ pointer, code: 'reused', message: 'belongs to another request' }],
    })
  }
}

/**
 * Runs `work` once for an Idempotency-Key: its effect, the key and the answer commit together, and a repeat gets the
 * stored answer. Throws 400 without a key, 409 while the first one runs, 422 for the same key with another request.
 * Keys are kept for 24 hours.
 */
export async function idempotent<B>(
  request: FastifyRequest,
  db: Database,
  work: (tx: Tx) => Promise<Answer<B>>,
): Promise<Answer<B>> {
  const attempt = attemptOf(request)
  return db.transaction(async (tx) => {
    await claim(tx, attempt)
    const earlier = await findAnswer<B>(tx, attempt)
    if (earlier) return earlier
    const answer = await work(tx)
    await tx.run(
      sql`insert into http.idempotency_keys (scope, key, fingerprint, status, headers, body) ${rowOf(attempt, answer)}`,
    )
    return answer
  })
}

/** The stored answer of an earlier request with the same key, for hot routes that write in one statement. */
export function earlierAnswer<B>(request: FastifyRequest, db: Tx): Promise<Answer<B> | null> {
  return findAnswer<B>(db, attemptOf(request))
}

/**
 * `with key as (…)`-ready insert of the key and its answer. It inserts nothing when the key is taken, so that the rest
 * of the statement, written as `… select … from key`, does nothing either: no row affected means that a rival
 * was first, and `earlierAnswer` has what it answered.
 */
export function idempotencyRow(request: FastifyRequest, answer: Answer): Query {
  return sql`insert into http.idempotency_keys (scope, key, fingerprint, status, headers, body)
    ${rowOf(attemptOf(request), answer)} on conflict do nothing returning 1`
}

/** Forgets the keys that are older than a day, a batch at a time. Answers how many there were. */
export function pruneIdempotencyKeys(db: Tx): Promise<number> {
  return deleteInBatches(db, sql`http.idempotency_keys`, sql`created_at < now() - interval '24 hours'`)
}

function rowOf({ scope, key, fingerprint }: Attempt, { status, headers, body }: Answer): Query {
  return sql`select ${scope}::text, ${key}::text, ${fingerprint}::bytea, ${status}::smallint,
    ${JSON.stringify(headers ?? {})}::jsonb, ${body === undefined ? null : JSON.stringify(body)}::jsonb`
}

// Held until the transaction ends, so of two requests at once one is told to wait.
async function claim(tx: Tx, { scope, key }: Attempt): Promise<void> {
  const lock = await tx.one<{ held: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtextextended(${`${scope}\n${key}`}, 0)) as held`,
  )
  if (!lock?.held) throw new IdempotencyKeyInFlightError()
}

async function findAnswer<B>(tx: Tx, { scope, key, fingerprint }: Attempt): Promise<Answer<B> | null> {
  const row = await tx.one<Answer<B> & { headers: Record<string, string>; fingerprint: Buffer }>(
    sql.named('find_idempotency_key')`select fingerprint, status, headers, body
      from http.idempotency_keys where scope = ${scope} and key = ${key}`,
  )
  if (!row) return null
  if (!row.fingerprint.equals(fingerprint)) throw new IdempotencyKeyReusedError()
  return { status: row.status, headers: row.headers, body: row.body }
}

// Asked for twice by routes that write in one statement.
const attempts = new WeakMap<FastifyRequest, Attempt>()

function attemptOf(request: FastifyRequest): Attempt {
  const attempt = attempts.get(request) ?? readAttempt(request)
  attempts.set(request, attempt)
  return attempt
}

function readAttempt(request: FastifyRequest): Attempt {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string' || !keyPattern.test(key)) throw keyMissing(key === undefined)
  return {
    scope: `${request.routeOptions.config.operation} ${ownerOf(request.caller)}`,
    key,
    fingerprint: fingerprintOf(request),
  }
}

// Whoever asks without a name could be anybody, and must not be shown what somebody else was answered.
function ownerOf(caller: Caller): string {
  if (caller.kind === 'nobody') throw new TypeError('a public route cannot keep answers for its callers')
  return caller.kind === 'person' ? caller.actor.userId : `service:${caller.name}`
}

function fingerprintOf({ method, url, body }: FastifyRequest): Buffer {
  const target = `${method} ${url}\n`
  if (body instanceof Readable) throw new TypeError('a streamed body has no fingerprint: read it first')
  if (body instanceof Uint8Array) return createHash('sha256').update(target).update(body).digest()
  return hash('sha256', target + (JSON.stringify(body) ?? ''), 'buffer')
}

function keyMissing(isAbsent: boolean): DomainError {
  return new DomainError({
    kind: 'malformed',
    code: 'idempotency_key_missing',
    message:
      'Send an Idempotency-Key: any text of your own, 1 to 255 visible characters, new for each new request.',
    errors: [
      {
        pointer,
        code: isAbsent ? 'required' : 'malformed',
        message: isAbsent ? 'is required' : 'must be 1 to 255 visible ASCII characters',
      },
    ],
  })
}
