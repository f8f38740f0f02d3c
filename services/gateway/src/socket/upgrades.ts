import { type IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { App } from '@sandkeep/service-kit'
import { credentialsOf, isHandshake } from './handshake.ts'

/** A handshake that waits for its answer. */
export interface Upgrade {
  client: Socket
  /** What the client sent after its handshake. */
  head: Buffer
  /** The subprotocols to offer the service. */
  protocols: string | undefined
  /** Takes the socket away from HTTP, which has nothing more to say on it. */
  release(): void
}

/**
 * Routes WebSocket handshakes like every other request, so that the same rules let them through or refuse them.
 * Other upgrades are not taken up: such a request is answered as if it had not asked.
 */
export function acceptUpgrades(app: App): (request: IncomingMessage) => Upgrade | undefined {
  const upgrades = new WeakMap<IncomingMessage, Upgrade>()
  Object.assign(app.server, { shouldUpgradeCallback: isHandshake })
  app.server.on('upgrade', (request, client, head) => {
    if (!(client instanceof Socket)) return void client.destroy()
    client.on('error', () => client.destroy())
    const { authorization, protocols } = credentialsOf(request.headers)
    if (authorization !== undefined) request.headers.authorization = authorization
    const { response, release } = answerOn(client, request)
    upgrades.set(request, { client, head, protocols, release })
    app.routing(request, response)
  })
  return (request) => upgrades.get(request)
}

// Node's server has let go of the socket, so what it does for an answer is done here.
function answerOn(client: Socket, request: IncomingMessage) {
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  response.assignSocket(client)
  const onDrain = (): void => void response.emit('drain')
  client.on('drain', onDrain)
  response.once('finish', () => client.end())
  const release = (): void => {
    client.off('drain', onDrain)
    response.detachSocket(client)
    response.emit('close')
  }
  return { response, release }
}
