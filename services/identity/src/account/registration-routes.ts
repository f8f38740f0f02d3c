import type { App } from '@sandkeep/service-kit'
import { z } from 'zod'
import { atLeast } from '../session/at-least.ts'
import { emailField, nameField, usernameField } from './account-view.ts'
import type { RegistrationService } from './registration-service.ts'

export const newPasswordField = z
  .string()
  .max(4096)
  .describe('At least 8 characters with an uppercase letter, a lowercase letter and a number; not a common password')

const accepted = z.object({ message: z.string() }).meta({ id: 'Accepted' })

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

export function registrationRoutes(app: App, { register }: RegistrationService, evenMs: number): void {
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
