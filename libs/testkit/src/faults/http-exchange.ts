import { once } from 'node:events'
import { request as ask, IncomingMessage, type ServerResponse } from 'node:http'
import { finished, pipeline } from 'node:stream/promises'
import type { HttpFault } from './http-fault.ts'
import { signAgain } from './sign-again.ts'

export interface Target {
  host: string
  port: number
  /** Of who signs the requests; empty when nobody does. */
  secret: string
}

const betweenNeighbours = new Set(['connection', 'keep-alive', 'expect', 'te', 'upgrade'])

/** Brings one request to the server and its answer back, as the fault lets it. Rejects when either side breaks off. */
export async function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  { target, fault }: { target: Target; fault: HttpFault | null },
): Promise<void> {
  if (fault?.kind === 'refused') return reply(response, fault.status, fault.body)
  if (fault?.kind === 'error-body') return reply(response, 200, fault.body)
  const answer = await forward(request, target, fault?.kind === 'dropped-headers' ? fault.names : [])
  if (fault?.kind === 'failed-after') {
    await finished(answer.resume())
    return reply(response, fault.status, fault.body)
  }
  if (fault?.kind === 'lost-answer') {
    await finished(answer.resume())
    request.socket.resetAndDestroy()
    return
  }
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders)
  if (fault?.kind === 'torn-answer') return tear(answer, response, fault.afterBytes)
  await pipeline(answer, response)
}

function reply(response: ServerResponse, status: number, body = ''): void {
  response.writeHead(status, { 'content-type': 'application/xml' }).end(body)
}

async function forward(request: IncomingMessage, target: Target, dropped: readonly string[]) {
  const { method = 'GET', url: path = '/' } = request
  const names = new Set([...betweenNeighbours, ...dropped.map((name) => name.toLowerCase())])
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !names.has(name)))
  if (dropped.length > 0) {
    const authorization = signAgain({ method, url: path, headers }, target.secret)
    if (authorization !== undefined) headers['authorization'] = authorization
  }
  const { host, port } = target
  const outgoing = ask({ host, port, method, path, headers, setHost: false, agent: false })
  const answered = once(outgoing, 'response')
  pipeline(request, outgoing).catch((error: Error) => outgoing.destroy(error))
  const [answer]: unknown[] = await answered
  if (answer instanceof IncomingMessage) return answer
  throw new Error('the server answered with something else than a response')
}

async function tear(answer: IncomingMessage, response: ServerResponse, afterBytes: number): Promise<void> {
  let left = afterBytes
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    const part = chunk.subarray(0, left)
    left -= part.length
    await new Promise((resolve) => response.write(part, resolve))
    if (left === 0) break
  }
  response.socket?.resetAndDestroy()
}
