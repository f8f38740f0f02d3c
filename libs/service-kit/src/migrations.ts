import { fileURLToPath } from 'node:url'

/** The tables of this library, in a PostgreSQL schema of their own. */
export const migrations = {
  schema: 'http',
  directory: fileURLToPath(new URL('../migrations', import.meta.url)),
}
