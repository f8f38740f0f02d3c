import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { engines } from '@sandkeep/testkit'
import type { OutboxOptions } from './options.ts'

export interface Engines {
  postgresUrl: string
  /** For the round of this name. */
  busUrl(round: string): string
  /** For ledgers. */
  directory: string
}

/** The engines of one run, gone with the stack: a durable PostgreSQL, and a broker if the bus needs one. */
export async function startEngines(
  options: OutboxOptions,
  root: string,
  stack: AsyncDisposableStack,
): Promise<Engines> {
  await mkdir(root, { recursive: true })
  const directory = await mkdtemp(join(root, `outbox-${options.bus}-`))
  stack.defer(() => rm(directory, { recursive: true, force: true }))
  const postgres = stack.use(await engines.start('postgres'))
  const brokerUrl = options.bus === 'amqp' ? await startBroker(options, stack) : null
  return {
    postgresUrl: postgres.url,
    busUrl: (round) => brokerUrl ?? `memory:${join(directory, `${round}-letters`)}`,
    directory,
  }
}

async function startBroker({ busUrl, broker }: OutboxOptions, stack: AsyncDisposableStack): Promise<string> {
  if (busUrl) return busUrl
  return stack.use(await engines.start('rabbitmq', { version: broker })).url
}
