import type { Channel, ChannelModel } from 'amqplib'
import type { Logger } from 'pino'
import { reasonOf } from '../errors.ts'
import type { Tenant } from './link.ts'

const rebuildMs = 1_000

export interface KeptChannel<C extends Channel> extends Tenant {
  /** Null while there is none. */
  current(): C | null
  /** Resolves when a channel is open for the first time. */
  ready(): Promise<void>
  close(): Promise<void>
}

/** Keeps one channel open, on whatever connection there is; `setup` makes it ready for use. */
export function keepChannel<C extends Channel>(
  name: string,
  log: Logger,
  create: (model: ChannelModel) => Promise<C>,
  setup: (channel: C) => Promise<void>,
): KeptChannel<C> {
  let model: ChannelModel | null = null
  let open: C | null = null
  let timer: NodeJS.Timeout | undefined
  const { promise: ready, resolve: becomeReady } = Promise.withResolvers<void>()

  const build = async (on: ChannelModel) => {
    try {
      const channel = await create(on)
      listen(channel, on)
      await setup(channel)
      open = channel
      becomeReady()
    } catch (error) {
      log.warn({ name, reason: explain(error) }, 'broker channel not ready')
      rebuildLater(on)
    }
  }

  const listen = (channel: C, on: ChannelModel) => {
    channel.on('error', (error) => log.warn({ name, reason: explain(error) }, 'broker closed the channel'))
    channel.on('handler-error', (error, event) => {
      log.error({ name, event, reason: reasonOf(error) }, 'listener of the broker channel failed')
    })
    channel.on('close', () => {
      if (open !== channel) return
      open = null
      rebuildLater(on)
    })
  }

  const rebuildLater = (on: ChannelModel) => {
    // What still fails on an earlier connection must not call off the work on this one.
    if (model !== on) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (model === on) void build(on)
    }, rebuildMs).unref()
  }

  return {
    current: () => open,
    ready: () => ready,
    async attach(next) {
      model = next
      await build(next)
    },
    detach() {
      model = null
      open = null
    },
    async close() {
      model = null
      clearTimeout(timer)
      const channel = open
      open = null
      await channel?.close().catch(() => {})
    },
  }
}

function explain(error: unknown): string {
  const isDrift = error instanceof Error && 'code' in error && error.code === 406
  const hint = ' (the queue exists with other arguments: see "Changing a queue" in docs/messaging.md)'
  return reasonOf(error) + (isDrift && /inequivalent/.test(reasonOf(error)) ? hint : '')
}
