import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  claim,
  type DataDirectory,
  openDataDirectory,
  openSecrets,
  StartRefusedError,
  type StoredService,
} from '@sandkeep/embedded/parts'
import { startEmbeddedPostgres } from '@sandkeep/postgres'

/** The data of an embedded installation, held so that nothing else writes it. Every session on it is read-only. */
export interface Source extends AsyncDisposable {
  directory: DataDirectory
  databaseUrl(service: StoredService): string
  objectsUrl(service: StoredService): string
  /** What the services must be told to read what they wrote, by the variable of each. */
  secrets: Record<string, string>
}

/** Throws `StartRefusedError` when there is no such data, or something runs on it. */
export async function openSource(path: string): Promise<Source> {
  const root = resolve(path)
  if (!existsSync(join(root, 'postgres', 'cluster')))
    throw new StartRefusedError(`${root} holds no data of an embedded Sandkeep. Name it by DATA_DIR.`)
  await using stack = new AsyncDisposableStack()
  const directory = await openDataDirectory(root)
  stack.use(await claim(directory.root))
  const postgres = stack.use(await startEmbeddedPostgres({ dataDirectory: directory.postgres }))
  const secrets = await openSecrets(directory.secrets)
  const held = stack.move()
  return {
    directory,
    databaseUrl(service) {
      const url = Object.assign(new URL(postgres.url), { pathname: `/${service}` })
      url.searchParams.set('options', '-c default_transaction_read_only=on')
      return url.href
    },
    objectsUrl: (service) => pathToFileURL(join(directory.objects, service)).href,
    secrets: {
      SERVICE_SECRET: secrets.get('services'),
      KEY_ENCRYPTION_SECRET: secrets.get('identity keys'),
      CURSOR_SECRET: secrets.get('sandbox cursors'),
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}
