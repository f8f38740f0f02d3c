import pg from 'pg'
import { connectionConfig, parseUrl } from '../connection.ts'

/** Prisma's own parameters of a connection URL, which the driver does not know. */
const prismaParameters = ['schema', 'connection_limit', 'pool_timeout', 'connect_timeout', 'pgbouncer']

/** The database that a Prisma connection URL names. */
export interface Target {
  url: URL
  database: string
  schema: string | undefined
}

export function targetOf(prismaUrl: string): Target {
  const url = parseUrl(prismaUrl)
  const schema = url.searchParams.get('schema') ?? undefined
  for (const parameter of prismaParameters) url.searchParams.delete(parameter)
  return { url, schema, database: decodeURIComponent(url.pathname.slice(1)) || 'postgres' }
}

export function atDatabase({ url, schema }: Target, database: string): Target {
  const other = new URL(url)
  other.pathname = `/${encodeURIComponent(database)}`
  return { url: other, schema, database }
}

export async function connectTo({ url }: Target): Promise<pg.Client> {
  const options = { url: url.href, applicationName: 'prisma migrate', statementTimeoutMs: 0 }
  const client = new pg.Client(connectionConfig(options))
  client.on('error', () => {})
  await client.connect()
  return client
}

/** Runs a statement on the database, which one that creates or drops another must not be in. */
export async function runOn(target: Target, statement: string): Promise<void> {
  const client = await connectTo(target)
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
