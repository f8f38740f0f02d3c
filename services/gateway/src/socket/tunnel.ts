import { type IncomingMessage, request } from 'node:http'
import { request as requestTls } from 'node:https'
import type { Duplex } from 'node:stream'
import { ExchangeTimeoutError } from '../forward/exchange.ts'

export interface TunnelOptions {
  client: Duplex
  origin: URL
  path: string
  headers: Record<string, string | string[]>
  deadlineMs: number
}

export interface Accepted {
  socket: Duplex
  /** What the service said with its yes. */
  first: Buffer
  /** What the client said while it waited. */
  early: Buffer
}

/** What a service said to a handshake: no, with an answer like any other; or yes, with a socket. */
export type Answered = { answer: IncomingMessage; accepted?: Accepted }

/**
 * Repeats a client's handshake to a service. Rejects when the service cannot be reached or says nothing in time, and
 * at once when the client goes away.
 */
export function knock({ client, origin, path, headers, deadlineMs }: TunnelOptions): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const send = origin.protocol === 'https:' ? requestTls : request
    const all = { ...headers, host: origin.host, connection: 'Upgrade', upgrade: 'websocket' }
    const handshake = send(origin, { method: 'GET', path, headers: all, agent: false })
    const late = new ExchangeTimeoutError('no answer in time')
    const deadline = setTimeout(() => handshake.destroy(late), deadlineMs)
    const waiting = watchWaiting(client, () => handshake.destroy())
    const settle = (): void => {
      clearTimeout(deadline)
      waiting.stop()
    }
    handshake.once('close', settle).once('error', reject)
    handshake.once('response', (answer) => {
      settle()
      resolve({ answer })
    })
    handshake.once('upgrade', (answer, socket, first) => {
      settle()
      resolve({ answer, accepted: { socket, first, early: waiting.said() } })
    })
    handshake.end()
  })
}

/** Nobody has to say anything yet, so that little is kept of it. */
const mostEarlyBytes = 65_536

/** Reads on while a client waits, since only who reads a socket hears that it was closed. */
function watchWaiting(client: Duplex, onGone: () => void) {
  const said: Buffer[] = []
  let bytes = 0
  const keep = (piece: Buffer): void => {
    said.push(piece)
    bytes += piece.length
    if (bytes > mostEarlyBytes) client.destroy()
  }
  const leave = (): void => void client.destroy()
  client.on('data', keep).once('end', leave).once('close', onGone)
  return {
    said: () => Buffer.concat(said),
    stop(): void {
      client.off('data', keep).off('end', leave).off('close', onGone).pause()
    },
  }
}

const lingerMs = 5_000

/** Joins two sockets byte for byte, neither read faster than the other takes it; the end of one ends the other. */
export function join(client: Duplex, service: Duplex): void {
  let giveUp: NodeJS.Timeout | undefined
  // When one side has said its last, the other gets what was said to it, within reason.
  const finish = (): void => {
    giveUp ??= setTimeout(() => {
      client.destroy()
      service.destroy()
    }, lingerMs)
    if (client.destroyed && service.destroyed) clearTimeout(giveUp)
  }
  const watch = (one: Duplex, other: Duplex): void => {
    one.on('error', () => one.destroy()).once('end', finish)
    one.once('close', () => {
      finish()
      other.end(() => other.destroy())
    })
  }
  watch(client, service)
  watch(service, client)
  client.pipe(service).pipe(client)
}
