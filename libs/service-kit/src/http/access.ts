import type { FastifyRequest } from 'fastify'
import { ObjectNotFoundError } from '../auth/errors.ts'

/** Lets the owner pass, and whoever may act on anybody's objects. For everybody else the object does not exist. */
export function requireAccess(request: FastifyRequest, { ownerId }: { ownerId: string }): void {
  if (request.access !== 'any' && request.actor.userId !== ownerId) throw new ObjectNotFoundError()
}
