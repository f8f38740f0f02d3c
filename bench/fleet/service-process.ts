import { build as buildIdentity, configSchema as identityConfig } from '@sandkeep/identity'
import { type Bus, openBus } from '@sandkeep/messaging'
import { build as buildSandbox, configSchema as sandboxConfig } from '@sandkeep/sandbox'
import { type Host, runService, type Service } from '@sandkeep/service-kit'

type Build<C> = (config: C, host: Host, shared: { bus: Bus }) => Promise<Service>

/** As the service's own `main.ts`, but on a memory bus that it has to itself and that therefore never waits. */
const alone =
  <C>(name: string, build: Build<C>) =>
  async (config: C, host: Host): Promise<Service> => {
    const bus = host.stack.use(await openBus('memory:', { log: host.log, name, metrics: host.metrics }))
    const service = await build(config, host, { bus })
    bus.resume()
    return service
  }

const [name = ''] = process.argv.slice(2)
if (name === 'identity') await runService({ name, config: identityConfig, build: alone(name, buildIdentity) })
if (name === 'sandbox') await runService({ name, config: sandboxConfig, build: alone(name, buildSandbox) })
