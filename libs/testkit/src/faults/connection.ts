import { once } from 'node:events'
import { Socket } from 'node:net'
import { Transform } from 'node:stream'
import type { TrafficLight } from './traffic-light.ts'

/** A client's connection and the one that is made to the server for it. */
export interface Connection {
  /** Resets it on both sides. */
  reset(): void
  /** Resets it on the server's side only: the client is not told, and what it says is lost. */
  abandon(): void
}

export interface Route {
  host: string
  port: number
  toServer: TrafficLight
  toClient: TrafficLight
}

interface Arrived {
  chunk: Buffer
  at: number
}

/** Of at most 64 KiB each, on their way in one direction; the sender of more is made to wait. */
const chunksOnTheWay = 16

/** Carries bytes both ways until both sides have ended. When one breaks, the other is reset. */
export function carry(client: Socket, { host, port, toServer, toClient }: Route): Connection {
  const server = new Socket({ allowHalfOpen: true }).setNoDelay()
  const gone = new AbortController()
  const reset = () => {
    gone.abort()
    client.resetAndDestroy()
    server.resetAndDestroy()
  }
  const after = (light: TrafficLight, then: () => void) =>
    void light.pass(0, performance.now()).then(() => gone.signal.aborted || then())

  client.on('error', () => after(toServer, reset))
  server.on('error', () => after(toClient, reset))
  after(toServer, () => {
    server.connect({ host, port })
    const ways = [
      flow(client, server, { light: toServer, gone: gone.signal }),
      flow(server, client, { light: toClient, gone: gone.signal }),
    ]
    Promise.all(ways).catch(() => gone.signal.aborted || reset())
  })
  return {
    reset,
    abandon() {
      gone.abort()
      server.resetAndDestroy()
      client.unpipe().resume()
      client.on('end', () => client.destroy())
    },
  }
}

async function flow(
  from: Socket,
  to: Socket,
  way: { light: TrafficLight; gone: AbortSignal },
): Promise<void> {
  const { light, gone } = way
  const stamped = from.pipe(stamp())
  gone.addEventListener('abort', () => stamped.destroy())
  const arrived: AsyncIterable<Arrived> = stamped
  for await (const { chunk, at } of arrived) {
    for (let rest = chunk; rest.length > 0; ) {
      const slice = rest.subarray(0, light.slice())
      await light.pass(slice.length, at)
      gone.throwIfAborted()
      if (!to.write(slice)) await once(to, 'drain', { signal: gone })
      rest = rest.subarray(slice.length)
    }
  }
  await light.pass(0, performance.now())
  gone.throwIfAborted()
  to.end()
}

const stamp = () =>
  new Transform({
    readableObjectMode: true,
    readableHighWaterMark: chunksOnTheWay,
    transform: (chunk: Buffer, _encoding, done) => done(null, { chunk, at: performance.now() }),
  })
