import { once } from 'node:events'
import { createServer } from 'node:http'
import { newId } from '@sandkeep/postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Person, type Reply, startTestProduct, type TestProduct } from './harness.ts'

const stack = new AsyncDisposableStack()
afterAll(() => stack.disposeAsync())

let it: TestProduct
let admin = ''
let sandboxAnswers = true

/** Stands between identity and sandbox, and can keep silent. */
async function relay(): Promise<string> {
  const server = createServer((request, response) => {
    if (!sandboxAnswers) return
    const headers = { 'sandkeep-service': String(request.headers['sandkeep-service']) }
    fetch(`http://127.0.0.1:${it.product.settings.sandbox['PORT']}${request.url}`, { headers }).then(
      async (answer) => response.writeHead(answer.status).end(await answer.text()),
      () => response.destroy(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stack.defer(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

beforeAll(async () => {
  it = await startTestProduct(stack, {
    overrides: { identity: { HOLDINGS_URLS: `sandbox=${await relay()}` } },
  })
  admin = await it.first('admin')
})

async function remove({ id }: Person): Promise<Reply> {
  const path = `/v1/users/${id}`
  const { headers } = await it.call({ path, token: admin })
  return it.call({ method: 'DELETE', path, token: admin, headers: { 'if-match': headers.get('etag') ?? '' } })
}

const makeSandbox = (person: Person) =>
  it.call({
    method: 'POST',
    path: '/v1/sandboxes',
    token: person.accessToken,
    headers: { 'idempotency-key': newId() },
    body: { name: 'Still needed', type: 'exercise' },
  })

test('an account is not deleted while its sandboxes live on, and is after they are gone', async () => {
  const person = await it.person()
  const { body } = await makeSandbox(person)
  const refusal = await remove(person)
  expect(refusal.status, refusal.text).toBe(409)
  expect(refusal.text).toContain('Still needed')
  expect((await it.call({ path: '/v1/me', token: person.accessToken })).status).toBe(200)

  const path = `/v1/sandboxes/${body['id']}`
  await it.call({ method: 'DELETE', path, token: person.accessToken, version: Number(body['version']) })
  expect((await remove(person)).status).toBe(204)
  expect((await it.call({ path: `/v1/users/${person.id}`, token: admin })).status).toBe(404)
})

test('while the owner of sandboxes keeps silent, nothing is deleted', async () => {
  const person = await it.person()
  sandboxAnswers = false
  const refusal = await remove(person)
  expect(refusal.problem).toMatchObject({ status: 503, code: 'service_unavailable' })
  expect(refusal.headers.get('retry-after')).not.toBeNull()
  sandboxAnswers = true
  expect((await it.call({ path: '/v1/me', token: person.accessToken })).status).toBe(200)
  expect((await remove(person)).status).toBe(204)
})
