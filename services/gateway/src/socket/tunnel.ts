import { type IncomingMessage, request } from 'node:http'
import { request as requestTls } from 'node:https'
import type { Duplex } from 'node:stream'
import { ExchangeTimeoutError } from '../forward/exchange.ts'
import { returnedHeaders } from '../forward/headers.ts'
import { writeHead } from './handshake.ts'

const lingerMs = 5_000

export interface TunnelOptions {
  client: Duplex
  /** What the client sent after its handshake. */
  head: Buffer
  origin: URL
  path: string
  /** Names and values in turn. */
  headers: string[]
  deadlineMs: number
}

/**
 * Repeats the client's handshake to a service and joins the two sockets byte for byte once it is accepted.
 * A refusal is passed on. Resolves with the joined socket, or null when the service refused; rejects when it
 * cannot be reached.
 */
export function openTunnel(options: TunnelOptions): Promise<Duplex | null> {
  const { client, head, origin, path, headers, deadlineMs } = options
  return new Promise((resolve, reject) => {
    const send = origin.protocol === 'https:' ? requestTls : request
    const flat = [...headers, 'host', origin.host, 'connection', 'Upgrade', 'upgrade', 'websocket']
    const handshake = send(origin, { method: 'GET', path, headers: flat, agent: false })
    const deadline = setTimeout(
      () => handshake.destroy(new ExchangeTimeoutError('no answer in time')),
      deadlineMs,
    )
    const onGone = (): void => void handshake.destroy()
    const settle = (): void => {
      clearTimeout(deadline)
      client.off('close', onGone)
    }
    client.once('close', onGone)
    handshake.once('close', settle).once('error', reject)
    handshake.once('response', (answer) => {
      settle()
      passOn(client, answer)
      resolve(null)
    })
    handshake.once('upgrade', (answer, service, first) => {
      settle()
      accept(client, answer)
      join(client, service, { toClient: first, toService: head })
      resolve(service)
    })
    handshake.end()
  })
}

function accept(client: Duplex, { headers }: IncomingMessage): void {
  writeHead(client, 101, { ...returnedHeaders(headers), connection: 'Upgrade', upgrade: 'websocket' })
}

function passOn(client: Duplex, answer: IncomingMessage): void {
  const headers = { ...returnedHeaders(answer.headers), 'content-length': undefined, connection: 'close' }
  writeHead(client, answer.statusCode ?? 502, headers)
  answer.pipe(client)
}

function join(client: Duplex, service: Duplex, first: { toClient: Buffer; toService: Buffer }): void {
  client.write(first.toClient)
  service.write(first.toService)
  client.pipe(service).pipe(client)
  closeAfter(client, service)
  closeAfter(service, client)
}

// When one side is gone, the other gets what was already said to it, within reason.
function closeAfter(gone: Duplex, other: Duplex): void {
  gone.on('error', () => gone.destroy())
  gone.once('close', () => {
    const giveUp = setTimeout(() => other.destroy(), lingerMs)
    other.once('close', () => clearTimeout(giveUp))
    other.end(() => other.destroy())
  })
}
