import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Target } from '../harness/target.ts'
import type { BareMessage } from './bare-process.ts'

export interface BareOptions {
  databaseUrl: string
  /** As many as the service's pool has. */
  connections: number
}

/** Starts the peer: the same statements behind Fastify and `pg` alone, in a process of its own. */
export async function startBare(
  { databaseUrl, connections }: BareOptions,
  stack: AsyncDisposableStack,
): Promise<Target> {
  const env = { ...process.env, NODE_ENV: 'production' }
  const child = fork(join(import.meta.dirname, 'bare-process.ts'), {
    env: { ...env, BARE_DATABASE_URL: databaseUrl, BARE_CONNECTIONS: String(connections) },
  })
  stack.defer(async () => {
    const exited = once(child, 'exit')
    child.disconnect()
    await exited
  })
  const told = async (): Promise<BareMessage> => (await once(child, 'message'))[0]
  const started = await told()
  if (!('port' in started)) throw new Error('the bare peer did not start')
  return {
    origin: `http://127.0.0.1:${started.port}`,
    async cpuMicros() {
      const answer = told()
      child.send('cpu')
      const message = await answer
      return 'cpuMicros' in message ? message.cpuMicros : Number.NaN
    },
  }
}
