import { type App, etag, requireVersion } from '@sandkeep/service-kit'
import { z } from 'zod'
import { bioField, ifMatch, nameField, objectField, usernameField } from './account-fields.ts'
import { meView, toMeView } from './account-view.ts'
import type { ProfileService } from './profile-service.ts'

const readSchema = { response: { 200: meView } }

const editSchema = {
  headers: ifMatch,
  body: z.strictObject({
    username: usernameField.optional(),
    firstName: nameField.nullable().optional(),
    lastName: nameField.nullable().optional(),
    bio: bioField.nullable().optional(),
    learningPreferences: objectField.optional(),
  }),
  response: { 200: meView },
}

export function meRoutes(app: App, profiles: ProfileService): void {
  app.route({
    method: 'GET',
    url: '/v1/me',
    operation: 'getMe',
    schema: readSchema,
    handler: async (request, reply) => {
      const person = await profiles.get(request.actor.userId)
      return reply.header('etag', etag(person.version)).send(toMeView(person))
    },
  })

  app.route({
    method: 'PATCH',
    url: '/v1/me',
    operation: 'updateMe',
    schema: editSchema,
    handler: async (request, reply) => {
      const seen = { id: request.actor.userId, version: requireVersion(request) }
      const person = await profiles.edit(seen, request.body)
      return reply.header('etag', etag(person.version)).send(toMeView(person))
    },
  })
}
