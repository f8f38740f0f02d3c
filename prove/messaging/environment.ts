import { join } from 'node:path'

export interface Surroundings {
  directory: string
  name: string
  ports: Record<'identity' | 'sandbox', number>
  secrets: Record<'identity' | 'services', string>
  busUrl: string
  /** The database by way of the proxy. */
  through: (owner: 'identity' | 'sandbox') => string
}

/** How each service is configured: as in production, with what it keeps in the directory. */
export function environment({ directory, name, ports, secrets, busUrl, through }: Surroundings) {
  const common = { BUS_URL: busUrl, SERVICE_SECRET: secrets.services, LOG_LEVEL: 'warn' }
  const objects = (owner: string) => `file:${join(directory, `${name}-${owner}-objects`)}`
  return {
    identity: {
      ...common,
      PORT: String(ports.identity),
      DATABASE_URL: through('identity'),
      OBJECTS_URL: objects('identity'),
      CACHE_URL: 'memory:',
      MAIL_URL: `file:${join(directory, `${name}-mail`)}`,
      PUBLIC_URL: 'http://127.0.0.1:8080',
      KEY_ENCRYPTION_SECRET: secrets.identity,
    },
    sandbox: {
      ...common,
      PORT: String(ports.sandbox),
      DATABASE_URL: through('sandbox'),
      OBJECTS_URL: objects('sandbox'),
      DOCUMENTS_URL: 'postgres:',
      IDENTITY_URL: `http://127.0.0.1:${ports.identity}`,
      CURSOR_SECRET: secrets.services,
      SANDBOX_PLACES_STUDENT: '100000',
    },
  }
}
