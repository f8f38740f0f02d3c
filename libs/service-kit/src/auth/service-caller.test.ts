import { createServer, type RequestListener } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { context } from '../context/context.ts'
import { newTraceparent, traceIdOf } from '../context/traceparent.ts'
import { testSecret, testServiceTokens } from '../testing.ts'
import { createServiceCaller } from './service-caller.ts'
import { createServiceTokens } from './service-token.ts'

const secret = testSecret()
const ask = createServiceCaller(createServiceTokens({ name: 'notes', secret }))

async function identity(answer: RequestListener) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return { name: 'identity', url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` }
}

const unavailable = { kind: 'unavailable', code: 'service_unavailable', retryAfterSeconds: 2 }
const question = { path: '/internal/v1/users/1?full=yes', deadlineMs: 5_000 }

test('the answer is the parsed body, asked for under our name and within the trace at hand', async () => {
  const identityTokens = testServiceTokens('identity', secret)
  const target = await identity(({ url, headers }, response) => {
    void identityTokens.callerOf(String(headers['sandkeep-service'])).then((caller) => {
      response.end(JSON.stringify({ url, caller, traceparent: headers['traceparent'] }))
    })
  })
  const traceparent = newTraceparent()
  const answer = await context.run({ traceparent, correlationId: 'request-1' }, () => ask(target, question))
  expect(answer).toEqual({
    url: question.path,
    caller: 'notes',
    traceparent: expect.stringContaining(traceIdOf(traceparent)),
  })
})

test('what does not exist is null', async () => {
  const target = await identity((_request, response) => void response.writeHead(404).end('{}'))
  expect(await ask(target, question)).toBeNull()
})

test.each<[string, RequestListener]>([
  ['fails', (_request, response) => void response.writeHead(500).end('{}')],
  ['refuses', (_request, response) => void response.writeHead(401).end('{}')],
  ['leads elsewhere', (_request, response) => void response.writeHead(302, { location: '/' }).end()],
  ['answers something else than JSON', (_request, response) => void response.end('<html>')],
  ['hangs up', (request) => void request.socket.destroy()],
  ['answers without end', (_request, response) => void response.write(Buffer.alloc(9 * 1024 * 1024, ' '))],
])('a service that %s is not there just now', async (_name, answer) => {
  const target = await identity(answer)
  await expect(ask(target, question)).rejects.toMatchObject(unavailable)
})

test('a service that does not answer in time is not there just now', async () => {
  const target = await identity(() => {})
  await expect(ask(target, { ...question, deadlineMs: 50 })).rejects.toMatchObject(unavailable)
})

test('who no longer wants the answer does not wait for it', async () => {
  const caller = new AbortController()
  const target = await identity(() => caller.abort())
  await expect(ask(target, { ...question, signal: caller.signal })).rejects.toMatchObject(unavailable)
})
