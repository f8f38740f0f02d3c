import {
  authEnv,
  busEnv,
  documentsEnv,
  httpEnv,
  objectsEnv,
  postgresEnv,
  secret,
} from '@sandkeep/service-kit'
import { z } from 'zod'

const places = (role: string, fallback: number) =>
  z.coerce
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(fallback)
    .describe(`How many sandboxes ${role} may have active at once`)

export const configSchema = z.object({
  ...httpEnv.shape,
  ...postgresEnv.shape,
  ...busEnv.shape,
  ...documentsEnv.shape,
  ...objectsEnv.shape,
  ...authEnv.shape,
  CURSOR_SECRET: secret({ minBytes: 32 }).describe('Seals the cursors of lists'),
  SANDBOX_PLACES_STUDENT: places('a student', 50),
  SANDBOX_PLACES_INSTRUCTOR: places('an instructor', 200),
  SANDBOX_PLACES_ADMIN: places('an administrator', 1_000),
})

export type Config = z.infer<typeof configSchema>
