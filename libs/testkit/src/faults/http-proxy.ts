import { once } from 'node:events'
import { createServer } from 'node:http'
import { freePort } from '../free-port.ts'
import { exchange } from './http-exchange.ts'
import type { AskedRequest, HttpFault, HttpFaultScope } from './http-fault.ts'
import { atPort, serverAddress } from './server-address.ts'

/** A reverse proxy that can fail. Disposing ends it and its connections. */
export interface HttpProxy extends AsyncDisposable {
  /** The server's URL by way of the proxy. */
  readonly url: string
  /** Makes requests fail from now on, in place of how they failed until now. */
  inject(fault: HttpFault, scope?: HttpFaultScope): void
  heal(): void
  /** How many requests met the fault that was injected last. */
  met(): number
}

/**
 * Puts a proxy on a free port of 127.0.0.1 before the server of a URL (which names its port). Requests reach the server
 * as they are, signatures included; where headers are dropped, one whose secret stands in the URL is signed again.
 */
export async function openHttpProxy(serverUrl: string): Promise<HttpProxy> {
  const port = await freePort()
  const target = { ...serverAddress(serverUrl), secret: decodeURIComponent(new URL(serverUrl).password) }
  let current: { fault: HttpFault; scope: HttpFaultScope } | null = null
  let met = 0

  const faultFor = (request: AskedRequest): HttpFault | null => {
    if (current === null) return null
    const { times = Number.POSITIVE_INFINITY, when = () => true } = current.scope
    if (met >= times || !when(request)) return null
    met++
    return current.fault
  }
  const server = createServer((request, response) => {
    const { method = 'GET', url = '/', headers } = request
    exchange(request, response, { target, fault: faultFor({ method, url, headers }) }).catch(() => {
      // One side broke off: so does the other.
      request.socket.destroy()
    })
  })
  await once(server.listen(port, '127.0.0.1'), 'listening')
  return {
    url: atPort(serverUrl, port),
    inject(fault, scope = {}) {
      current = { fault, scope }
      met = 0
    },
    heal() {
      current = null
    },
    met: () => met,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}
