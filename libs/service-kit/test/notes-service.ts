import { once } from 'node:events'
import { z } from 'zod'
import { createApp } from '../src/http/create-app.ts'
import { type Build, ConfigError, httpEnv, runService, shutdownPhases } from '../src/index.ts'

// A service to be run as a process of its own and ended in every way there is.
const config = z.object({
  ...httpEnv.shape,
  BEHAVIOUR: z.enum(['good', 'broken', 'unfit', 'stuck']).default('good').describe('How it starts and ends'),
})

const never = () => new Promise<never>(() => {})

const build: Build<z.infer<typeof config>> = async ({ BEHAVIOUR, ...http }, host) => {
  const { log, shutdown, stack } = host
  for (const phase of shutdownPhases)
    if (phase !== 'close') shutdown.on(phase, () => log.info({ phase }, 'phase'))
  stack.defer(() => log.info({ phase: 'close' }, 'phase'))
  if (BEHAVIOUR === 'stuck') shutdown.on('flush', never)
  if (BEHAVIOUR === 'broken') throw new Error('no database')
  if (BEHAVIOUR === 'unfit') throw new ConfigError('BUS_URL does not fit')

  const app = await createApp({ name: 'notes', authorization: {}, host, config: http })
  app.route({
    method: 'GET',
    url: '/wait',
    operation: 'wait',
    auth: 'public',
    handler: async () => {
      log.info('waiting')
      await once(process.stdin, 'data')
      log.info('answering')
      return 'done'
    },
  })
  app.route({
    method: 'GET',
    url: '/crash',
    operation: 'crash',
    auth: 'public',
    handler: async () => {
      void Promise.reject(new Error('nobody caught this'))
      return 'soon'
    },
  })
  return { app }
}

await runService({ name: 'notes', config, build })
