import type { App } from '@sandkeep/service-kit'
import { z } from 'zod'
import { newPasswordField, passwordField } from '../account/account-fields.ts'
import { atLeast } from '../at-least.ts'
import { linkTokenField, nothing, requestMailSchema } from './link-fields.ts'
import type { PasswordService } from './password-service.ts'

const resetSchema = {
  body: z.strictObject({ token: linkTokenField, password: newPasswordField }),
  response: nothing,
}
const changeSchema = {
  body: z.strictObject({ currentPassword: passwordField, newPassword: newPasswordField }),
  response: nothing,
}

export interface PasswordRouteParts {
  passwords: PasswordService
  /** Answers that depend on an address being known take at least this long, in milliseconds. */
  evenMs: number
}

export function passwordRoutes(app: App, { passwords, evenMs }: PasswordRouteParts): void {
  app.route({
    method: 'POST',
    url: '/v1/auth/forgot-password',
    operation: 'forgotPassword',
    auth: 'public',
    schema: requestMailSchema,
    handler: async (request, reply) => {
      await atLeast(evenMs, passwords.forgot(request.body.email))
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
      await passwords.reset(request.body.token, request.body.password)
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
      await passwords.change({ userId, sessionId, address: request.ip, ...request.body })
      return reply.code(204).send()
    },
  })
}
