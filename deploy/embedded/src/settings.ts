import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Config } from './config.ts'
import type { DataDirectory } from './data-directory.ts'
import type { Ports } from './port.ts'
import type { Secrets } from './secrets.ts'

export const storedServices = ['identity', 'sandbox'] as const
export type StoredService = (typeof storedServices)[number]
export type ServiceName = StoredService | 'gateway'

/** Where everything is that the services are told about. */
export interface Surroundings {
  config: Config
  directory: DataDirectory
  secrets: Secrets
  databaseUrls: Record<StoredService, string>
  ports: Ports
}

export type Settings = Record<ServiceName, Record<string, string>>

/** The environment of each service, as it would be given to a process of its own. */
export function settingsOf(surroundings: Surroundings): Settings {
  const { config, directory, secrets, databaseUrls, ports } = surroundings
  const urlOf = (name: ServiceName) => `http://127.0.0.1:${ports[name].port}`
  const publicUrl = publicUrlOf(config, ports.gateway.port)
  const shared = {
    LOG_LEVEL: config.LOG_LEVEL,
    SERVICE_SECRET: secrets.get('services'),
    BUS_URL: 'memory:',
    CACHE_URL: `memory:${directory.root}`,
  }
  return {
    identity: {
      ...shared,
      PORT: String(ports.identity.port),
      DATABASE_URL: databaseUrls.identity,
      OBJECTS_URL: pathToFileURL(join(directory.objects, 'identity')).href,
      KEY_ENCRYPTION_SECRET: secrets.get('identity keys'),
      MAIL_URL: config.MAIL_URL ?? pathToFileURL(directory.mail).href,
      PUBLIC_URL: publicUrl,
      CORS_ORIGINS: [urlOf('gateway'), ...config.CORS_ORIGINS].join(','),
      HOLDINGS_URLS: `sandbox=${urlOf('sandbox')}`,
    },
    sandbox: {
      ...shared,
      PORT: String(ports.sandbox.port),
      DATABASE_URL: databaseUrls.sandbox,
      DOCUMENTS_URL: 'postgres:',
      OBJECTS_URL: pathToFileURL(join(directory.objects, 'sandbox')).href,
      IDENTITY_URL: urlOf('identity'),
      CURSOR_SECRET: secrets.get('sandbox cursors'),
    },
    gateway: {
      ...shared,
      HOST: config.HOST,
      PORT: String(ports.gateway.port),
      IDENTITY_URL: urlOf('identity'),
      SANDBOX_URL: urlOf('sandbox'),
      CORS_ORIGINS: config.CORS_ORIGINS.join(','),
    },
  }
}

/** Where a browser on this machine reaches the gateway. */
export function publicUrlOf({ HOST }: Pick<Config, 'HOST'>, port: number): string {
  if (HOST === '127.0.0.1' || HOST === '0.0.0.0' || HOST === '::') return `http://localhost:${port}`
  return `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${port}`
}

export const withOverrides = (
  settings: Settings,
  { identity, sandbox, gateway }: Partial<Settings>,
): Settings => ({
  identity: { ...settings.identity, ...identity },
  sandbox: { ...settings.sandbox, ...sandbox },
  gateway: { ...settings.gateway, ...gateway },
})
