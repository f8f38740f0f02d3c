import { ConfigError, createHost, createLogger, Secret } from '@sandkeep/service-kit'
import { expect, test } from 'vitest'
import { openFoundation } from './open-foundation.ts'

test.each(['memory:', 'memory:/var/lib/bus'])(
  '%s is refused to a service alone in its process',
  async (url) => {
    const host = createHost({ log: createLogger({ name: 'test', level: 'silent' }) })
    const config = {
      DATABASE_URL: new Secret('postgresql://nobody@127.0.0.1:1/nothing'),
      DATABASE_MAX_CONNECTIONS: 2,
      BUS_URL: new Secret(url),
    }
    const refused = await openFoundation({ name: 'test', config, host, migrations: [] }).catch(
      (it: unknown) => it,
    )
    expect(refused).toBeInstanceOf(ConfigError)
    expect(String(refused)).toContain('BUS_URL is memory:')
    expect(String(refused)).toContain('amqp(s)://')
  },
)
