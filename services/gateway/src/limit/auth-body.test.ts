import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readAuthBody } from './account-field.ts'

const outcomes: unknown[] = []
const server = createServer((incoming: IncomingMessage, response) => {
  void readAuthBody(incoming, 50)
    .then(String)
    .catch((error: unknown) => error)
    .then((outcome) => {
      outcomes.push(outcome)
      response.end()
    })
})
let url = ''

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  url = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : ''
})
afterAll(() => server.closeAllConnections())
afterAll(() => void server.close())

function send(...pieces: string[]) {
  const sent = request(url, { method: 'POST' })
  sent.on('error', () => undefined)
  for (const piece of pieces) sent.write(piece)
  return sent
}

test('a body that arrives is read whole', async () => {
  send('{"login":', '"ada"}').end()
  await expect.poll(() => outcomes.at(-1)).toBe('{"login":"ada"}')
})

test('a body that does not end is given up', async () => {
  const sent = send('{"login":')
  await expect.poll(() => outcomes.at(-1)).toMatchObject({ status: 408, code: 'body_too_slow' })
  sent.destroy()
})

test('a body that grows too large is refused without waiting for its end', async () => {
  const sent = send('x'.repeat(20_000))
  await expect.poll(() => outcomes.at(-1)).toMatchObject({ kind: 'too_large', code: 'body_too_large' })
  sent.destroy()
})
