import { type IncomingHttpHeaders, type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

const bearerProtocol = 'sandkeep.bearer.'

/** Whether this is the opening handshake of a WebSocket (RFC 6455, 4.2.1). */
export function isHandshake({ method, headers }: IncomingMessage): boolean {
  const isWebSocket = headers.upgrade?.toLowerCase() === 'websocket'
  return method === 'GET' && isWebSocket && headers['sec-websocket-key'] !== undefined
}

export interface Credentials {
  authorization: string | undefined
  /** The subprotocols to offer the service: the client's without the one that carried the token. */
  protocols: string | undefined
}

/**
 * Where a socket's token is: in `Authorization`, or, because browsers cannot set that header on a socket,
 * in a subprotocol `sandkeep.bearer.<token>` offered beside the real one. Never in the URL, which ends up in logs.
 */
export function credentialsOf(headers: IncomingHttpHeaders): Credentials {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim())
  const token = offered.find((protocol) => protocol.startsWith(bearerProtocol))?.slice(bearerProtocol.length)
  const rest = offered.filter((protocol) => protocol !== '' && !protocol.startsWith(bearerProtocol))
  return {
    authorization: headers.authorization ?? (token === undefined ? undefined : `Bearer ${token}`),
    protocols: rest.length === 0 ? undefined : rest.join(', '),
  }
}

/** A page may open a socket when its origin is the gateway's own or is on the allow-list; programs send no origin. */
export function isOriginAllowed(headers: IncomingHttpHeaders, allowed: readonly string[]): boolean {
  const { origin, host } = headers
  if (origin === undefined || allowed.includes(origin)) return true
  return URL.canParse(origin) && new URL(origin).host === host
}

/** Writes the head of an answer to a socket that no HTTP server looks after any more. */
export function writeHead(
  socket: Duplex,
  status: number,
  headers: Record<string, string | string[] | undefined>,
): void {
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`]
  for (const [name, value] of Object.entries(headers)) {
    for (const one of value === undefined ? [] : [value].flat()) lines.push(`${name}: ${one}`)
  }
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
}
