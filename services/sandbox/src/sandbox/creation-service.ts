import type { Database } from '@sandkeep/postgres'
import { type Answer, earlierAnswer, etag, idempotencyRow } from '@sandkeep/service-kit'
import type { FastifyRequest } from 'fastify'
import type { Account } from '../account-reference/account.ts'
import type { AccountDirectory } from '../account-reference/account-directory.ts'
import { findAccount, saveAccount } from '../account-reference/account-store.ts'
import type { Clock } from '../clock.ts'
import { insertSandboxOnce, type NewSandbox, newSandbox } from './create-sandbox.ts'
import { type PlaceLimits, refusePlace } from './place-limits.ts'
import { ForbiddenFieldError, UnknownOwnerError } from './sandbox-errors.ts'
import { type SandboxView, toSandboxView } from './sandbox-view.ts'

interface CreationDependencies {
  db: Database
  identity: AccountDirectory
  clock: Clock
  placeLimits: PlaceLimits
}

export interface WantedSandbox extends NewSandbox {
  ownerId?: string | undefined
}

export type CreationService = ReturnType<typeof createCreationService>

type Owner = Pick<Account, 'id' | 'role'>

export function createCreationService({ db, identity, clock, placeLimits }: CreationDependencies) {
  /** Somebody that events have not told of yet is asked for once. */
  const requireAccount = async (id: string): Promise<Owner> => {
    const known = await findAccount(db, id)
    if (known !== null) return known
    const found = await identity.find(id)
    if (found === null) throw new UnknownOwnerError(id)
    await saveAccount(db, found)
    return found
  }

  /** A person's own existence comes from the token. */
  const ownerOf = async ({ actor, access }: FastifyRequest, asked: string | undefined): Promise<Owner> => {
    if (asked === undefined || asked === actor.userId) return { id: actor.userId, role: actor.role }
    if (access !== 'any') throw new ForbiddenFieldError('ownerId')
    return requireAccount(asked)
  }

  return {
    /** One statement keeps the sandbox, its event, the owner's place and the answer under the Idempotency-Key. */
    async create(
      request: FastifyRequest,
      { ownerId, ...wanted }: WantedSandbox,
    ): Promise<Answer<SandboxView>> {
      const earlier = await earlierAnswer<SandboxView>(request, db)
      if (earlier !== null) return earlier
      const owner = await ownerOf(request, ownerId)
      const limit = placeLimits[owner.role]
      const sandbox = newSandbox({ id: owner.id, role: request.actor.role }, wanted, clock.now())
      const answer = {
        status: 201,
        headers: { location: `/v1/sandboxes/${sandbox.id}`, etag: etag(sandbox.version) },
        body: toSandboxView(sandbox),
      }
      const key = idempotencyRow(request, answer)
      const outcome = await insertSandboxOnce(db, sandbox, owner, { limit, key })
      if (outcome === 'created') return answer
      const rival = outcome === 'repeated' ? await earlierAnswer<SandboxView>(request, db) : null
      return rival ?? refusePlace(db, owner.id, limit)
    },
  }
}
