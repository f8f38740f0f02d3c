import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  claim,
  createLoggers,
  type DataDirectory,
  type FirstAccount,
  firstAccounts,
  keepSignIn,
  openDataDirectory,
  openSecrets,
  publicUrlOf,
  requirePort,
  type ServiceName,
  type Settings,
  settingsOf,
  withOverrides,
} from '@sandkeep/embedded/parts'
import { readConfig } from '@sandkeep/service-kit'
import { type BrokerVersion, freePort, tempDirectory } from '@sandkeep/testkit'
import type { DestinationStream } from 'pino'
import { configSchema } from './config.ts'
import { type FleetEngines, startEngines } from './engines.ts'
import { countEvents } from './event-counts.ts'
import { type SupervisedService, supervise } from './supervise.ts'

export interface FleetOptions {
  /** Variables of the fleet. Unless it names them, the port is a free one and the directory goes with the fleet. */
  env?: Record<string, string | undefined>
  /** Of RabbitMQ; the newest unless given. */
  broker?: BrokerVersion
  /** What single services are told instead of what the fleet chooses for them. */
  overrides?: Partial<Settings>
  /** Gets what the fleet and its services log, a JSON line at a time; nobody does unless given. */
  log?: DestinationStream
}

/** Every service in a process of its own, on real engines. Disposing ends it in order and removes the engines' data. */
export interface Fleet extends AsyncDisposable {
  /** Where the gateway answers. */
  url: string
  services: Record<ServiceName, SupervisedService>
  engines: FleetEngines
  settings: Settings
  /** One for each role. */
  accounts: FirstAccount[]
  directory: DataDirectory
}

/** Starts a fleet and answers when every service is ready; stops what it started when anything fails. */
export async function startFleet(options: FleetOptions = {}): Promise<Fleet> {
  await using stack = new AsyncDisposableStack()
  const stream = options.log ?? { write() {} }
  const env = options.env ?? {}
  const temporary = env['DATA_DIR'] ? {} : { DATA_DIR: join(await tempDirectory(stack), 'fleet') }
  const config = readConfig(configSchema, { PORT: '0', ...temporary, ...env })
  const loggers = createLoggers(config.LOG_LEVEL, stream)
  const log = loggers('fleet')

  const directory = await openDataDirectory(config.DATA_DIR)
  const instance = stack.use(await claim(directory.root))
  await requirePort(config.HOST, config.PORT)
  const secrets = await openSecrets(directory.secrets)
  const accounts = firstAccounts(secrets)
  const passwords = { identity: secrets.get('identity tenant'), sandbox: secrets.get('sandbox tenant') }
  const { broker = '4.0' } = options
  const { engines, urls } = await startEngines({ config, broker, directory, passwords, log, stack })

  const ports = {
    identity: { port: await freePort() },
    sandbox: { port: await freePort() },
    gateway: { port: config.PORT || (await freePort()) },
  }
  const chosen = settingsOf({ config, secrets, ports, accounts }, urls)
  const settings = withOverrides(chosen, options.overrides ?? {})
  await secrets.save()
  if (!existsSync(directory.signIn)) await keepSignIn(accounts, directory.signIn)

  const start = (name: ServiceName) => {
    const onLine = (line: string) =>
      line.startsWith('{') ? void stream.write(`${line}\n`) : loggers(name).warn(line)
    return supervise({ name, env: settings[name], log, onLine })
  }
  // They end in the opposite order: the gateway first, then what it leads to.
  const identity = stack.use(start('identity'))
  const sandbox = stack.use(start('sandbox'))
  const gateway = stack.use(start('gateway'))
  const services = { identity, sandbox, gateway }
  const all = Object.values(services)
  await Promise.all(all.map((it) => it.whenReady()))

  const url = publicUrlOf(config, ports.gateway.port)
  instance.announce(async () => ({ url, events: await countEvents(all), services: describe(services) }))
  const running = stack.move()
  return {
    url,
    services,
    engines,
    settings,
    accounts,
    directory,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

const describe = (services: Record<string, SupervisedService>) =>
  Object.fromEntries(
    Object.entries(services).map(([name, it]) => [name, { pid: it.pid() ?? 0, isReady: it.isReady() }]),
  )
