import cors from '@fastify/cors'
import type { App } from './app.ts'

const day = 86_400

/**
 * Lets pages of the listed origins call this service and read its answers, problems included. With an empty list a
 * browser lets no page of another origin do so.
 */
export async function allowOrigins(app: App, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return
  await app.register(cors, {
    origin: [...origins],
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: ['etag', 'location', 'retry-after', 'x-request-id', 'ratelimit', 'ratelimit-policy'],
    maxAge: day,
    // Without it an OPTIONS that is no preflight is answered with plain text.
    strictPreflight: false,
  })
}
