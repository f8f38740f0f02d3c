/** What the other ways to run Sandkeep share with this one: everything but the services themselves. */
export { type Config, configSchema } from './config.ts'
export { type DataDirectory, openDataDirectory } from './data-directory.ts'
export type { EventCounts } from './event-counts.ts'
export { type FirstAccount, firstAccounts, keepSignIn } from './first-accounts.ts'
export { near, row } from './greeting.ts'
export { claim, findInstance, type Instance } from './instance.ts'
export { createLoggers, type Loggers, openLogStream } from './log.ts'
export { requirePort } from './port.ts'
export { runUntilTold } from './run-until-told.ts'
export { openSecrets } from './secrets.ts'
export {
  publicUrlOf,
  type ServiceName,
  type Settings,
  type StoredService,
  serviceNames,
  settingsOf,
  storedServices,
  withOverrides,
} from './settings.ts'
export { refusalOf, StartRefusedError } from './start-refused-error.ts'
