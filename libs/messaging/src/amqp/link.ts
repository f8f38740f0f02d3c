import { type Channel, type ChannelModel, connect, type RecoveringChannelModel } from 'amqplib'
import type { Logger } from 'pino'
import type { BusStatus } from '../bus.ts'
import { reasonOf } from '../errors.ts'

const heartbeatSeconds = 10
const connectTimeoutMs = 5_000
const closeTimeoutMs = 2_000

/** What lives on a connection and must be made again on the next. */
export interface Tenant {
  attach(model: ChannelModel): Promise<void>
  detach(): void
}

export interface Link extends AsyncDisposable {
  status(): BusStatus
  /** Attaches now, if there is a connection, and to every later one. */
  add(tenant: Tenant): void
  remove(tenant: Tenant): void
  /** Waits for a connection. */
  openChannel(): Promise<Channel>
}

/** A connection that is made again whenever it is lost. */
export async function openLink(url: string, name: string, log: Logger): Promise<Link> {
  const tenants = new Set<Tenant>()
  let status: BusStatus = 'down'
  let model: ChannelModel | null = null

  const detachAll = () => {
    model = null
    for (const tenant of tenants) tenant.detach()
  }

  // The library listens only after this: a connection that is lost meanwhile must neither end the process nor be
  // taken for a good one for ever.
  const setup = async (next: ChannelModel) => {
    const fate: { lost?: Error } = {}
    next.on('error', () => {})
    next.once('close', (error?: Error) => {
      fate.lost = error ?? new Error('connection closed')
    })
    model = next
    await Promise.all([...tenants].map((tenant) => tenant.attach(next)))
    if (!fate.lost) return
    detachAll()
    throw fate.lost
  }
  const recovering = await connect(withHeartbeat(url), {
    timeout: connectTimeoutMs,
    noDelay: true,
    keepAlive: true,
    clientProperties: { connection_name: name },
    recovery: { waitForConnect: false, initialDelay: 100, maxDelay: 5_000, setup },
  })
  tell(recovering, name, log)
  recovering.on('connect', () => {
    status = 'up'
  })
  recovering.on('disconnect', () => {
    status = 'down'
    detachAll()
  })
  recovering.on('blocked', () => {
    status = 'blocked'
  })
  recovering.on('unblocked', () => {
    status = 'up'
  })

  return {
    status: () => status,
    add(tenant) {
      tenants.add(tenant)
      if (model) void tenant.attach(model)
    },
    remove: (tenant) => void tenants.delete(tenant),
    openChannel: () => recovering.createChannel(),
    async [Symbol.asyncDispose]() {
      await Promise.race([recovering.close(), timeout(closeTimeoutMs)])
    },
  }
}

function tell(link: RecoveringChannelModel, name: string, log: Logger): void {
  link.on('connect', () => log.info({ name }, 'broker connected'))
  link.on('disconnect', (error) => log.warn({ name, reason: reasonOf(error) }, 'broker disconnected'))
  link.on('connect-failed', (error) => log.warn({ name, reason: reasonOf(error) }, 'broker not reached'))
  link.on('blocked', (reason) => log.warn({ name, reason }, 'broker takes no messages'))
  link.on('unblocked', () => log.info({ name }, 'broker takes messages again'))
  link.on('error', () => {}) // 'disconnect' follows and tells it
  link.on('handler-error', (error: Error, event: string) => {
    log.error({ name, event, reason: reasonOf(error) }, 'listener of the broker connection failed')
  })
}

/** Two missed heartbeats show a connection that fell silent without an end. */
function withHeartbeat(url: string): string {
  const parsed = new URL(url)
  if (!parsed.searchParams.has('heartbeat')) parsed.searchParams.set('heartbeat', String(heartbeatSeconds))
  return parsed.href
}

const timeout = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms).unref())
