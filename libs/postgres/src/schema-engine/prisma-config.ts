import { fileURLToPath } from 'node:url'

/**
 * The configuration of a service's Prisma commands, which then work without a download. `DATABASE_URL` is
 * the database of those that need one.
 */
export function servicePrisma(service: string) {
  process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= fileURLToPath(new URL('main.ts', import.meta.url))
  return {
    schema: 'prisma/schema.prisma',
    migrations: { path: 'prisma/migrations' },
    datasource: { url: process.env['DATABASE_URL'] ?? `postgresql://localhost:5432/${service}` },
  }
}
