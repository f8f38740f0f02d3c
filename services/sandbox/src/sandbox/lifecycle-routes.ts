import type { Tx } from '@sandkeep/postgres'
import { type App, etag } from '@sandkeep/service-kit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Once } from '../answer-once.ts'
import type { FindOwn } from './find-own.ts'
import type { Sandbox } from './sandbox.ts'
import { commandSchema, extendSchema } from './sandbox-schemas.ts'
import type { SandboxService } from './sandbox-service.ts'
import { type SandboxView, toSandboxView } from './sandbox-view.ts'

export interface LifecycleRouteParts {
  sandboxes: SandboxService
  findOwn: FindOwn
  once: Once
}

const toAnswer = (sandbox: Sandbox) => ({
  status: 200,
  headers: { etag: etag(sandbox.version) },
  body: toSandboxView(sandbox),
})

export function lifecycleRoutes(app: App, { sandboxes, findOwn, once }: LifecycleRouteParts): void {
  const command = async (
    request: FastifyRequest<{ Params: { id: string } }>,
    reply: FastifyReply,
    change: (tx: Tx, sandbox: Sandbox) => Promise<Sandbox>,
  ): Promise<SandboxView> => {
    const { headers = {}, body } = await once(request, toAnswer, async (transact) => {
      const sandbox = await findOwn(request)
      return transact((tx) => change(tx, sandbox))
    })
    reply.headers(headers)
    return body
  }

  app.route({
    method: 'POST',
    url: '/v1/sandboxes/:id/suspend',
    operation: 'suspendSandbox',
    schema: commandSchema,
    handler: (request, reply) =>
      command(request, reply, (tx, it) => sandboxes.suspend(tx, it, request.actor)),
  })

  app.route({
    method: 'POST',
    url: '/v1/sandboxes/:id/resume',
    operation: 'resumeSandbox',
    schema: {
      ...commandSchema,
      description: 'Also recovers a sandbox that expired or was deleted, for 30 days',
    },
    handler: (request, reply) => command(request, reply, (tx, it) => sandboxes.resume(tx, it, request.actor)),
  })

  app.route({
    method: 'POST',
    url: '/v1/sandboxes/:id/extend',
    operation: 'extendSandbox',
    schema: extendSchema,
    handler: (request, reply) =>
      command(request, reply, (tx, it) => sandboxes.extend(tx, it.id, request.body?.expiresAt)),
  })
}
