import { configSchema as embedded } from '@sandkeep/embedded/parts'
import { z } from 'zod'

const engine = (meaning: string) =>
  z.string().optional().describe(`${meaning}; one is started unless this is set`)

/** What can be chosen for a fleet. Engines that are named are used as they are; the others are started for it. */
export const configSchema = z.object({
  ...embedded.shape,
  DATA_DIR: z.string().default('data/fleet').describe('Directory for mail and secrets, made when missing'),
  IDENTITY_DATABASE_URL: engine("Identity's own PostgreSQL database"),
  SANDBOX_DATABASE_URL: engine("Sandbox's own PostgreSQL database"),
  IDENTITY_BUS_URL: engine('RabbitMQ, as the user of identity'),
  SANDBOX_BUS_URL: engine('RabbitMQ, as the user of sandbox'),
  CACHE_URL: engine('Redis'),
  SANDBOX_DOCUMENTS_URL: engine('MongoDB, with the database in the path, or postgres:'),
  IDENTITY_OBJECTS_URL: engine("S3, or a directory, for identity's objects"),
  SANDBOX_OBJECTS_URL: engine("S3, or a directory, for sandbox's objects"),
})

export type Config = z.infer<typeof configSchema>
