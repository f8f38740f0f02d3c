import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'

export interface Troubled {
  url: string
  /** What it was asked, as `GET /path`. */
  asked: string[]
  /** What it does with the next requests. */
  behave(listener: RequestListener): void
}

/** A service in trouble, for what no healthy one does. */
export async function startTroubled(stack: AsyncDisposableStack): Promise<Troubled> {
  const asked: string[] = []
  let listener: RequestListener = (_request, response) => void response.end()
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    asked.push(`${request.method} ${request.url}`)
    listener(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stack.defer(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    behave(next) {
      listener = next
    },
  }
}
