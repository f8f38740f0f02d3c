import type { FastifyRequest } from 'fastify'
import type { Sandbox } from './sandbox.ts'
import { SandboxNotFoundError } from './sandbox-errors.ts'
import type { SandboxService } from './sandbox-service.ts'

type SandboxRequest = Pick<FastifyRequest, 'access' | 'actor'> & { params: { id: string } }

/** The sandbox that the path names. One that the caller may not see is answered as one that does not exist. */
export type FindOwn = (request: SandboxRequest) => Promise<Sandbox>

export const createFindOwn =
  (sandboxes: SandboxService): FindOwn =>
  async ({ params, access, actor }) => {
    const sandbox = await sandboxes.require(params.id)
    if (access !== 'any' && sandbox.ownerId !== actor.userId) throw new SandboxNotFoundError(params.id)
    return sandbox
  }
