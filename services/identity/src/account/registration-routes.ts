import type { App } from '@sandkeep/service-kit'
import { z } from 'zod'
import { atLeast } from '../at-least.ts'
import { emailField, nameField, newPasswordField, usernameField } from './account-fields.ts'
import { accepted } from './account-view.ts'
import type { Register } from './registration-service.ts'

const registerSchema = {
  body: z.strictObject({
    email: emailField,
    username: usernameField,
    password: newPasswordField,
    firstName: nameField.optional(),
    lastName: nameField.optional(),
  }),
  response: { 202: accepted },
}

export interface RegistrationRouteParts {
  register: Register
  /** The answer takes at least so long, in milliseconds. */
  evenMs: number
}

export function registrationRoutes(app: App, { register, evenMs }: RegistrationRouteParts): void {
  app.route({
    method: 'POST',
    url: '/v1/auth/register',
    operation: 'register',
    auth: 'public',
    schema: registerSchema,
    handler: async (request, reply) => {
      await atLeast(evenMs, register(request.body))
      return reply.code(202).send({ message: 'Look into your mail: the link in it confirms your address.' })
    },
  })
}
