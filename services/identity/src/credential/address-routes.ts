import type { App } from '@sandkeep/service-kit'
import { z } from 'zod'
import { atLeast } from '../at-least.ts'
import type { AddressService } from './address-service.ts'
import { linkTokenField, nothing, requestMailSchema } from './link-fields.ts'

const tokenSchema = { body: z.strictObject({ token: linkTokenField }), response: nothing }

export interface AddressRouteParts {
  addresses: AddressService
  /** Answers that depend on an address being known take at least this long, in milliseconds. */
  evenMs: number
}

export function addressRoutes(app: App, { addresses, evenMs }: AddressRouteParts): void {
  app.route({
    method: 'POST',
    url: '/v1/auth/verify-email',
    operation: 'verifyEmail',
    auth: 'public',
    schema: tokenSchema,
    handler: async (request, reply) => {
      await addresses.verify(request.body.token)
      return reply.code(204).send()
    },
  })

  app.route({
    method: 'POST',
    url: '/v1/auth/resend-verification',
    operation: 'resendVerification',
    auth: 'public',
    schema: requestMailSchema,
    handler: async (request, reply) => {
      await atLeast(evenMs, addresses.resendVerification(request.body.email))
      return reply
        .code(202)
        .send({ message: 'If this address waits to be confirmed, a new link is in its mail.' })
    },
  })

  app.route({
    method: 'POST',
    url: '/v1/auth/unlock',
    operation: 'unlock',
    auth: 'public',
    schema: tokenSchema,
    handler: async (request, reply) => {
      await addresses.unlock(request.body.token, request.ip)
      return reply.code(204).send()
    },
  })
}
