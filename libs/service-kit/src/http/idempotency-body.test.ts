import type { IncomingMessage } from 'node:http'
import { sql } from '@sandkeep/postgres'
import { testDatabase } from '@sandkeep/testkit'
import { afterAll, afterEach, expect, test } from 'vitest'
import { migrations } from '../migrations.ts'
import { createTestHost, testSecret, testServiceTokens } from '../testing.ts'
import { createApp } from './create-app.ts'
import { idempotent } from './idempotency.ts'

const it = await testDatabase({ migrations: [migrations] })
const secret = testSecret()
afterAll(() => it[Symbol.asyncDispose]())

let stack = new AsyncDisposableStack()
afterEach(async () => {
  await stack.disposeAsync()
  stack = new AsyncDisposableStack()
})

/** Takes pictures from services, and from anybody; each one that is kept gets the next number. */
async function pictures() {
  let kept = 0
  const app = await createApp({
    name: 'pictures',
    authorization: {},
    host: createTestHost(),
    serviceTokens: testServiceTokens('pictures', secret),
  })
  stack.adopt(app, (app) => app.close())
  app.addContentTypeParser(
    'image/png',
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => body,
  )
  app.addContentTypeParser('video/mp4', async (_request: unknown, body: IncomingMessage) => body)
  for (const auth of ['service', 'public'] as const)
    app.route({
      method: 'POST',
      url: `/v1/${auth}-pictures`,
      operation: `add ${auth}`,
      auth,
      handler: async (request, reply) => {
        const { status, body } = await idempotent(request, it.db, async () => ({
          status: 201,
          body: { number: ++kept },
        }))
        return reply.code(status).send(body)
      },
    })
  const post = async (from: string, options: { payload: Buffer; type?: string; url?: string }) =>
    app.inject({
      method: 'POST',
      url: options.url ?? '/v1/service-pictures',
      headers: {
        'content-type': options.type ?? 'image/png',
        'idempotency-key': 'k',
        'sandkeep-service': await testServiceTokens(from, secret).tokenFor('pictures'),
      },
      payload: options.payload,
    })
  return { post, count: () => kept }
}

afterEach(() => it.db.run(sql`truncate http.idempotency_keys`))

const picture = Buffer.from([0x89, 0xff, 0x00, 0x01])

test('a body of bytes is told from another by every byte', async () => {
  const { post } = await pictures()
  expect((await post('web', { payload: picture })).json()).toEqual({ number: 1 })
  expect((await post('web', { payload: picture })).json()).toEqual({ number: 1 })
  const other = Buffer.from(picture).fill(0x02, 3)
  expect((await post('web', { payload: other })).json()).toMatchObject({ code: 'idempotency_key_reused' })
})

test('the same key of another service is another key', async () => {
  const { post } = await pictures()
  await post('web', { payload: picture })
  expect((await post('mobile', { payload: picture })).json()).toEqual({ number: 2 })
})

test('a body that is still a stream is a mistake of the route, not a key that fits everything', async () => {
  const { post, count } = await pictures()
  expect((await post('web', { payload: picture, type: 'video/mp4' })).statusCode).toBe(500)
  expect(count()).toBe(0)
})

test('a public route keeps no answers, since anybody could ask for them', async () => {
  const { post, count } = await pictures()
  expect((await post('web', { payload: picture, url: '/v1/public-pictures' })).statusCode).toBe(500)
  expect(count()).toBe(0)
})
