import { authEnv, cacheEnv, httpEnv } from '@sandkeep/service-kit'
import { z } from 'zod'

const count = (fallback: number) => z.coerce.number().int().min(1).max(10_000_000).default(fallback)

export const configSchema = z.object({
  ...httpEnv.shape,
  // More than all upstreams together take, so that a slow one cannot use up the places of the others.
  MAX_CONCURRENT_REQUESTS: count(1_024).describe(
    'Requests handled at once; as many again wait, further ones get 503',
  ),
  ...authEnv.shape,
  ...cacheEnv.shape,
  SANDBOX_URL: z.url().describe('Base address of sandbox'),
  LIMIT_AUTH_PER_ADDRESS: count(200).describe('Requests to `/v1/auth` a minute from one address'),
  LIMIT_AUTH_PER_ACCOUNT: count(20).describe('Requests to `/v1/auth` a minute that name one account'),
  LIMIT_READS_PER_ACCOUNT: count(6_000).describe('Reads a minute by one account'),
  LIMIT_WRITES_PER_ACCOUNT: count(1_200).describe('Writes a minute by one account'),
  LIMIT_REQUESTS_PER_ADDRESS: count(30_000).describe('Requests a minute from one address'),
  MAX_OPEN_SOCKETS: count(10_000).describe('WebSockets open at once'),
})

export type Config = z.infer<typeof configSchema>
