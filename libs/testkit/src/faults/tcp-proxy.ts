import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { freePort } from '../free-port.ts'
import { type Connection, carry, type Route } from './connection.ts'
import { atPort, serverAddress } from './server-address.ts'
import type { TcpFault } from './tcp-fault.ts'
import { createTrafficLight } from './traffic-light.ts'

/** An edge of the network that can fail. Disposing resets what is open. */
export interface TcpProxy extends AsyncDisposable {
  /** The server's URL by way of the proxy. */
  readonly url: string
  /** Makes the edge fail from now on, in place of how it failed until now. */
  inject(fault: TcpFault): Promise<void>
  /** Ends the fault, for new connections and for those that have lived through it. */
  heal(): Promise<void>
  /** How many of clients are open. */
  connections(): number
}

/** Puts a proxy on a free port of 127.0.0.1 before the server of a URL (which names its port). */
export async function openTcpProxy(serverUrl: string): Promise<TcpProxy> {
  const port = await freePort()
  const route: Route = {
    ...serverAddress(serverUrl),
    toServer: createTrafficLight(),
    toClient: createTrafficLight(),
  }
  const live = new Set<Connection>()
  let fault: TcpFault | null = null

  const strike = (connection: Connection) => {
    if (fault?.kind === 'reset' || fault?.kind === 'cut-off') connection.reset()
    if (fault?.kind === 'half-open') connection.abandon()
  }
  const accept = (client: Socket) => {
    const connection = carry(client, route)
    live.add(connection)
    client.once('close', () => live.delete(connection))
    strike(connection)
  }
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, accept)
  await listen(server, port)

  const change = async (next: TcpFault | null) => {
    fault = next
    for (const light of [route.toServer, route.toClient]) light.change(next)
    const isOpen = next?.kind !== 'cut-off'
    if (isOpen && !server.listening) await listen(server, port)
    if (!isOpen) server.close()
    for (const connection of live) strike(connection)
  }
  return {
    url: atPort(serverUrl, port),
    inject: change,
    heal: () => change(null),
    connections: () => live.size,
    async [Symbol.asyncDispose]() {
      await change({ kind: 'cut-off' })
    },
  }
}

async function listen(server: Server, port: number): Promise<void> {
  await once(server.listen(port, '127.0.0.1'), 'listening')
}
