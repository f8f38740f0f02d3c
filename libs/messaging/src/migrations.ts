import { fileURLToPath } from 'node:url'

/** The tables of outbox, event log and inbox, for the migrations of a service that publishes or consumes. */
export const migrations = {
  schema: 'messaging',
  directory: fileURLToPath(new URL('../migrations', import.meta.url)),
}
