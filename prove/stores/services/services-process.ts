import * as identity from '@sandkeep/identity'
import { openBus } from '@sandkeep/messaging'
import * as sandbox from '@sandkeep/sandbox'
import { createHost, createLogger, listen, readConfig, widenThreadPool } from '@sandkeep/service-kit'
import { servicesOptions } from './services-protocol.ts'

// Identity and sandbox as they are everywhere, on the engines that they are given, in one process with one bus.
widenThreadPool()
const options = servicesOptions.parse(JSON.parse(process.argv[2] ?? '{}'))
const log = createLogger({ name: 'services', level: 'warn' })
process.on('disconnect', () => process.exit())

const bus = await openBus(options.busUrl, { log, name: 'services' })
const identityHost = createHost({ log, measuresProcess: true })
const identityConfig = readConfig(identity.configSchema, options.identity)
const { app: identityApp } = await identity.build(identityConfig, identityHost, { bus })
await listen(identityApp, identityHost, { host: '127.0.0.1', port: identityConfig.PORT })

const sandboxHost = createHost({ log })
const sandboxConfig = readConfig(sandbox.configSchema, options.sandbox)
const { app: sandboxApp } = await sandbox.build(sandboxConfig, sandboxHost, { bus })
await listen(sandboxApp, sandboxHost, { host: '127.0.0.1', port: sandboxConfig.PORT })
bus.resume()
process.send?.({ ready: true })
