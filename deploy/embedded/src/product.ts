import { existsSync } from 'node:fs'
import { type Bus, openBus } from '@sandkeep/messaging'
import type { EmbeddedPostgres } from '@sandkeep/postgres'
import type { Config } from './config.ts'
import { type DataDirectory, openDataDirectory } from './data-directory.ts'
import { embeddedEngines } from './embedded-engines.ts'
import { countEvents } from './event-counts.ts'
import { type FirstAccount, firstAccounts, keepSignIn } from './first-accounts.ts'
import { claim } from './instance.ts'
import type { Loggers } from './log.ts'
import { reservePorts } from './port.ts'
import { openSecrets } from './secrets.ts'
import { startServices } from './services.ts'
import { publicUrlOf, type Settings, settingsOf, withOverrides } from './settings.ts'
import { startStores } from './stores.ts'

const name = 'embedded'

/** The whole of Sandkeep, running in this process. Disposing ends it in order. */
export interface Product extends AsyncDisposable {
  /** Where the gateway answers. */
  url: string
  directory: DataDirectory
  postgres: Pick<EmbeddedPostgres, 'pid' | 'major'>
  settings: Settings
  /** One for each role. */
  accounts: FirstAccount[]
  isFirstStart: boolean
}

export interface ProductOptions {
  config: Config
  loggers: Loggers
  /** What single services are told instead of what this profile chooses for them. */
  overrides?: Partial<Settings>
  /** Instead of a bus of its own. */
  bus?: Bus
}

/**
 * Starts PostgreSQL and the services on a data directory. Throws `StartRefusedError` when the directory or the port
 * cannot be used; stops what it started when anything fails.
 */
export async function startProduct({ config, loggers, ...options }: ProductOptions): Promise<Product> {
  await using stack = new AsyncDisposableStack()
  const directory = await openDataDirectory(config.DATA_DIR)
  const instance = stack.use(await claim(directory.root))
  const ports = await reservePorts({ host: config.HOST, gateway: config.PORT }, stack)
  const secrets = await openSecrets(directory.secrets)
  const accounts = firstAccounts(secrets)
  await secrets.save()
  const { postgres, databaseUrls } = await startStores(directory, secrets, {
    log: loggers('postgres'),
    stack,
  })
  const chosen = settingsOf(
    { config, secrets, ports, accounts },
    embeddedEngines(config, directory, databaseUrls),
  )
  const settings = withOverrides(chosen, options.overrides ?? {})
  await secrets.save()
  const bus =
    options.bus ?? stack.use(await openBus(`memory:${directory.bus}`, { log: loggers('bus'), name }))
  const hosts = await startServices({ settings, ports, bus, loggers, stack })
  const isFirstStart = !existsSync(directory.signIn)
  if (isFirstStart) await keepSignIn(accounts, directory.signIn)
  const url = publicUrlOf(config, ports.gateway.port)
  const registries = Object.values(hosts).map((host) => host.metrics)
  instance.announce(async () => ({ url, events: await countEvents(registries) }))
  const running = stack.move()
  return {
    url,
    directory,
    postgres,
    settings,
    accounts,
    isFirstStart,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}
