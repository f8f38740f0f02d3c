import { authEnv, busEnv, httpEnv, postgresEnv } from '@sandkeep/service-kit'
import { z } from 'zod'

export const configSchema = z.object({
  ...httpEnv.shape,
  ...postgresEnv.shape,
  ...busEnv.shape,
  // No service calls this one, nor it another.
  ...authEnv.omit({ SERVICE_SECRET: true }).shape,
})

export type Config = z.infer<typeof configSchema>
