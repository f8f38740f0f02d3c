import type { Config } from './config.ts'
import { type FirstAccount, firstAccountsSetting } from './first-accounts.ts'
import type { Secrets } from './secrets.ts'

export const storedServices = ['identity', 'sandbox'] as const
export type StoredService = (typeof storedServices)[number]
export const serviceNames = [...storedServices, 'gateway'] as const
export type ServiceName = (typeof serviceNames)[number]

export type Settings = Record<ServiceName, Record<string, string>>

/** What the services are told about, besides their engines. */
export interface Surroundings {
  config: Pick<Config, 'HOST' | 'LOG_LEVEL' | 'CORS_ORIGINS'>
  secrets: Secrets
  ports: Record<ServiceName, { port: number }>
  accounts: FirstAccount[]
}

/** The environment of each service, as it would be given to a process of its own. */
export function settingsOf({ config, secrets, ports, accounts }: Surroundings, engines: Settings): Settings {
  const urlOf = (name: ServiceName) => `http://127.0.0.1:${ports[name].port}`
  const shared = { LOG_LEVEL: config.LOG_LEVEL, SERVICE_SECRET: secrets.get('services') }
  return {
    identity: {
      ...shared,
      ...engines.identity,
      PORT: String(ports.identity.port),
      KEY_ENCRYPTION_SECRET: secrets.get('identity keys'),
      PUBLIC_URL: publicUrlOf(config, ports.gateway.port),
      CORS_ORIGINS: [urlOf('gateway'), ...config.CORS_ORIGINS].join(','),
      HOLDINGS_URLS: `sandbox=${urlOf('sandbox')}`,
      FIRST_ACCOUNTS: firstAccountsSetting(accounts),
    },
    sandbox: {
      ...shared,
      ...engines.sandbox,
      PORT: String(ports.sandbox.port),
      IDENTITY_URL: urlOf('identity'),
      CURSOR_SECRET: secrets.get('sandbox cursors'),
    },
    gateway: {
      ...shared,
      ...engines.gateway,
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
