import type { App } from '@sandkeep/service-kit'
import { z } from 'zod'
import { emailField, lineField, newPasswordField, passwordField } from '../account/account-fields.ts'
import { accepted } from '../account/account-view.ts'
import { atLeast } from '../session/at-least.ts'
import type { CredentialService } from './credential-service.ts'

const tokenField = lineField(200).describe('From the link in the mail')
const nothing = { 204: z.undefined() }

const addressSchema = { body: z.strictObject({ email: emailField }), response: { 202: accepted } }
const tokenSchema = { body: z.strictObject({ token: tokenField }), response: nothing }
const resetSchema = {
  body: z.strictObject({ token: tokenField, password: newPasswordField }),
  response: nothing,
}
const changeSchema = {
  body: z.strictObject({ currentPassword: passwordField, newPassword: newPasswordField }),
  response: nothing,
}

export interface CredentialRouteParts {
  credentials: CredentialService
  /** Answers that depend on an address being known take at least this long, in milliseconds. */
  evenMs: number
}

export function credentialRoutes(app: App, { credentials, evenMs }: CredentialRouteParts): void {
  app.route({
    method: 'POST',
    url: '/v1/auth/verify-email',
    operation: 'verifyEmail',
    auth: 'public',
    schema: tokenSchema,
    handler: async (request, reply) => {
      await credentials.verifyEmail(request.body.token)
      return reply.code(204).send()
    },
  })

  app.route({
    method: 'POST',
    url: '/v1/auth/resend-verification',
    operation: 'resendVerification',
    auth: 'public',
    schema: addressSchema,
    handler: async (request, reply) => {
      await atLeast(evenMs, credentials.resendVerification(request.body.email))
      return reply
        .code(202)
        .send({ message: 'If this address waits to be confirmed, a new link is in its mail.' })
    },
  })

  app.route({
    method: 'POST',
    url: '/v1/auth/forgot-password',
    operation: 'forgotPassword',
    auth: 'public',
    schema: addressSchema,
    handler: async (request, reply) => {
      await atLeast(evenMs, credentials.forgotPassword(request.body.email))
      return reply
        .code(202)
        .send({ message: 'If this address has an account, a link to choose a password is in its mail.' })
    },
  })

  app.route({
    method: 'POST',
    url: '/v1/auth/reset-password',
    operation: 'resetPassword',
    auth: 'public',
    schema: resetSchema,
    handler: async (request, reply) => {
      await credentials.resetPassword(request.body.token, request.body.password)
      return reply.code(204).send()
    },
  })

  app.route({
    method: 'POST',
    url: '/v1/auth/unlock',
    operation: 'unlock',
    auth: 'public',
    schema: tokenSchema,
    handler: async (request, reply) => {
      await credentials.unlock(request.body.token, request.ip)
      return reply.code(204).send()
    },
  })

  app.route({
    method: 'PUT',
    url: '/v1/me/password',
    operation: 'changeMyPassword',
    schema: changeSchema,
    handler: async (request, reply) => {
      const { userId, sessionId } = request.actor
      await credentials.changePassword({ userId, sessionId, address: request.ip, ...request.body })
      return reply.code(204).send()
    },
  })
}
