import { z } from 'zod'
import { secret } from './secret.ts'

const port = z.coerce.number().int().min(0).max(65_535)
const milliseconds = (most: number) => z.coerce.number().int().min(1).max(most)

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
)

const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text
const origins = list.refine(
  (all) => all.every(isOrigin),
  'must be origins such as https://example.org, with no path and no *, separated by commas',
)

/** Variables of every process that answers HTTP. */
export const httpEnv = z.object({
  HOST: z.string().default('127.0.0.1').describe('Address to listen on'),
  PORT: port.default(0).describe('Port to listen on; 0 takes a free one'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least severe log lines to write'),
  SHUTDOWN_PHASE_MS: milliseconds(60_000)
    .default(5_000)
    .describe('Longest time for each phase of a shutdown, in milliseconds'),
  TRUSTED_PROXIES: list
    .default(['127.0.0.1', '::1'])
    .describe('Addresses or CIDR ranges whose X-Forwarded-For is believed, separated by commas'),
  CORS_ORIGINS: origins
    .default([])
    .describe('Origins whose pages may call this service, separated by commas'),
  MAX_CONCURRENT_REQUESTS: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(256)
    .describe('Requests handled at once; as many again wait, further ones get 503'),
})

export const postgresEnv = z.object({
  DATABASE_URL: secret().describe(
    "The service's own database: postgresql://user:password@host:port/database",
  ),
  DATABASE_MAX_CONNECTIONS: z.coerce
    .number()
    .int()
    .min(2)
    .max(200)
    .default(10)
    .describe('Most connections at once'),
})

export const busEnv = z.object({
  BUS_URL: secret().describe('Event bus: amqp(s)://user:password@host/vhost, or memory: within one process'),
})

export const cacheEnv = z.object({
  CACHE_URL: secret().describe(
    'Cache and pub/sub: redis(s)://host:port/database, or memory: within one process',
  ),
})

export const objectsEnv = z.object({
  OBJECTS_URL: secret().describe(
    'Object store: s3://key:secret@bucket/prefix?region=name&endpoint=https://host, or file:/directory',
  ),
})

export const documentsEnv = z.object({
  DOCUMENTS_URL: secret().describe(
    "Document store: mongodb://user:password@host/database?replicaSet=name, or postgres: (the service's own database)",
  ),
})

/** How a service knows who asks: tokens of people from identity, tokens of services by the fleet's secret. */
export const authEnv = z.object({
  IDENTITY_URL: z.url().describe('Base address of identity, for its public keys and look-ups'),
  TOKEN_ISSUER: z.string().min(1).default('sandkeep').describe('Issuer that access tokens must name'),
  SERVICE_SECRET: secret({ minBytes: 32 }).describe(
    'Key of the tokens that services show each other; the same in the whole fleet',
  ),
})

export type HttpConfig = z.infer<typeof httpEnv>
export type AuthConfig = z.infer<typeof authEnv>
