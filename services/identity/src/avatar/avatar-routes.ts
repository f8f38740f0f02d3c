import { type App, etag, requireVersion } from '@sandkeep/service-kit'
import { z } from 'zod'
import { ifMatch } from '../account/account-fields.ts'
import { meView, toMeView } from '../account/account-view.ts'
import { avatarTypes, maxAvatarBytes, NotAnImageError } from './avatar-image.ts'
import { AvatarNotFoundError, type AvatarService } from './avatar-service.ts'

const year = 31_536_000
const image = z.any().meta({ type: 'string', format: 'binary' })

export function avatarRoutes(app: App, avatars: AvatarService): void {
  app.addContentTypeParser(
    [...avatarTypes],
    { parseAs: 'buffer', bodyLimit: maxAvatarBytes },
    (_request, body, done) => done(null, body),
  )

  app.route({
    method: 'PUT',
    url: '/v1/me/avatar',
    operation: 'replaceMyAvatar',
    bodyLimit: maxAvatarBytes,
    schema: { headers: ifMatch, consumes: [...avatarTypes], body: image, response: { 200: meView } },
    handler: async (request, reply) => {
      if (!Buffer.isBuffer(request.body)) throw new NotAnImageError()
      const seen = { id: request.actor.userId, version: requireVersion(request) }
      const person = await avatars.replace(seen, request.body)
      return reply.header('etag', etag(person.version)).send(toMeView(person))
    },
  })

  // The name is the hash of the content, so the answer never changes and anything may keep it for good.
  app.route({
    method: 'GET',
    url: '/v1/avatars/:sha256',
    operation: 'getAvatar',
    auth: 'public',
    schema: {
      params: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
      produces: [...avatarTypes],
      response: { 200: image },
    },
    handler: async (request, reply) => {
      const avatar = await avatars.read(request.params.sha256)
      if (!avatar) throw new AvatarNotFoundError()
      return reply
        .headers({
          'content-type': avatar.type,
          'cache-control': `public, max-age=${year}, immutable`,
          'content-security-policy': "default-src 'none'; sandbox",
          'x-content-type-options': 'nosniff',
          etag: `"${request.params.sha256}"`,
        })
        .send(avatar.bytes)
    },
  })
}
