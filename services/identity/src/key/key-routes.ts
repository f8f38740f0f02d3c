import type { App } from '@sandkeep/service-kit'
import { z } from 'zod'
import type { KeyRing } from './key-ring.ts'

const jwks = z.object({ keys: z.array(z.record(z.string(), z.json())) }).meta({ id: 'JsonWebKeySet' })

export function keyRoutes(app: App, keys: KeyRing): void {
  app.route({
    method: 'GET',
    url: '/.well-known/jwks.json',
    operation: 'getJwks',
    auth: 'public',
    schema: { response: { 200: jwks } },
    // A new key is published ten minutes before it signs, so that five minutes in a cache do no harm.
    handler: async (_request, reply) =>
      reply.header('cache-control', 'public, max-age=300').send(keys.jwks()),
  })
}
