import type { Database } from '@sandkeep/postgres'
import { type Answer, earlierAnswer, idempotent } from '@sandkeep/service-kit'
import type { FastifyRequest } from 'fastify'
import type { Transact } from './transact.ts'

/** Runs work whose transaction also keeps its answer under the request's Idempotency-Key. */
export type Once = <T, B>(
  request: FastifyRequest,
  toAnswer: (done: T) => Answer<B>,
  work: (transact: Transact<T, Answer<B>>) => Promise<Answer<B>>,
) => Promise<Answer<B>>

/** A repeat gets the answer of the first request, whatever became of things since. */
export const createOnce =
  (db: Database): Once =>
  async <T, B>(
    request: FastifyRequest,
    toAnswer: (done: T) => Answer<B>,
    work: (transact: Transact<T, Answer<B>>) => Promise<Answer<B>>,
  ) =>
    (await earlierAnswer<B>(request, db)) ??
    work((change) => idempotent(request, db, async (tx) => toAnswer(await change(tx))))
