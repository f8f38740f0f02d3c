import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Config } from './config.ts'
import type { DataDirectory } from './data-directory.ts'
import type { Settings, StoredService } from './settings.ts'

/** Where each service finds its engines, all of which are in this process or below the data directory. */
export function embeddedEngines(
  { MAIL_URL }: Pick<Config, 'MAIL_URL'>,
  directory: DataDirectory,
  databaseUrls: Record<StoredService, string>,
): Settings {
  const within = { BUS_URL: 'memory:', CACHE_URL: `memory:${directory.root}` }
  return {
    identity: {
      ...within,
      DATABASE_URL: databaseUrls.identity,
      OBJECTS_URL: objectsUrlOf(directory, 'identity'),
      MAIL_URL: MAIL_URL ?? pathToFileURL(directory.mail).href,
    },
    sandbox: {
      ...within,
      DATABASE_URL: databaseUrls.sandbox,
      DOCUMENTS_URL: 'postgres:',
      OBJECTS_URL: objectsUrlOf(directory, 'sandbox'),
    },
    gateway: within,
  }
}

const objectsUrlOf = ({ objects }: DataDirectory, name: StoredService) =>
  pathToFileURL(join(objects, name)).href
