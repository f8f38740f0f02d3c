import { Gauge, type Registry } from 'prom-client'
import type { RevocationFeed } from './edge/revocation-feed.ts'
import type { Upstream } from './forward/upstream.ts'
import type { OpenSockets } from './socket/open-sockets.ts'

export interface Measured {
  upstreams: readonly Upstream[]
  feed: RevocationFeed
  sockets: OpenSockets
}

/** What the gateway holds open, and how long it has heard nothing about ended sessions. */
export function measureGateway(registry: Registry, { upstreams, feed, sockets }: Measured): void {
  const registers = [registry]
  new Gauge({
    name: 'gateway_upstream_requests',
    help: 'Requests under way or waiting at a service',
    labelNames: ['service'] as const,
    registers,
    collect() {
      for (const { name, inFlight } of upstreams) this.set({ service: name }, inFlight())
    },
  })
  new Gauge({
    name: 'gateway_open_sockets',
    help: 'WebSockets open',
    registers,
    collect() {
      this.set(sockets.size)
    },
  })
  new Gauge({
    name: 'gateway_revocations_silent_seconds',
    help: 'Time since identity last said which sessions have ended; from 5 s on writes are refused',
    registers,
    collect() {
      this.set(feed.silentForMs() / 1_000)
    },
  })
}
