import type { Log } from '../log.ts'

export interface EmbeddedPostgresOptions {
  /** Holds everything of the server: the cluster, its log, its password. Made when missing. */
  dataDirectory: string
  /** A free one unless given. */
  port?: number
  /** The `bin` folder of a PostgreSQL installation; else one is looked for. */
  binDirectory?: string
  /** false for throw-away data: survives a killed process, not a power cut. */
  durable?: boolean
  log?: Log
}

export interface EmbeddedPostgres extends AsyncDisposable {
  /** Of the superuser, at the database `postgres`. */
  url: string
  pid: number
  /** The server's major version, which the data directory keeps for good. */
  major: number
}

export async function startEmbeddedPostgres(_options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  throw new Error('not built')
}
