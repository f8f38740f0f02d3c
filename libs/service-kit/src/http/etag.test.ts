import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { createTestHost } from '../testing.ts'
import { createApp } from './create-app.ts'
import { etag, requireVersion, StaleVersionError } from './etag.ts'

let stack = new AsyncDisposableStack()
afterEach(async () => {
  await stack.disposeAsync()
  stack = new AsyncDisposableStack()
})

/** One note at version 3 that can be edited. */
async function note() {
  let version = 3
  const app = await createApp({ name: 'notes', authorization: {}, host: createTestHost() })
  stack.adopt(app, (it) => it.close())
  app.route({
    method: 'PUT',
    url: '/v1/note',
    operation: 'putNote',
    auth: 'public',
    schema: { response: { 200: z.object({ version: z.int() }) } },
    handler: async (request, reply) => {
      if (requireVersion(request) !== version) throw new StaleVersionError()
      version++
      return reply.header('etag', etag(version)).send({ version })
    },
  })
  await app.ready()
  return (ifMatch?: string) =>
    app.inject({
      method: 'PUT',
      url: '/v1/note',
      headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
    })
}

test('a change of the version that was read is made, and answers the next ETag', async () => {
  const put = await note()
  const changed = await put('"3"')
  expect(changed.json()).toEqual({ version: 4 })
  expect(changed.headers.etag).toBe('"4"')
  expect((await put(changed.headers.etag)).statusCode).toBe(200)
})

test('a stale version is refused with 412 and changes nothing', async () => {
  const put = await note()
  await put('"3"')
  expect((await put('"3"')).json()).toMatchObject({
    status: 412,
    code: 'stale_version',
    errors: [{ pointer: '/headers/if-match' }],
  })
  expect((await put('"4"')).statusCode).toBe(200)
})

test('a change without If-Match is refused with 428', async () => {
  const put = await note()
  expect((await put()).json()).toMatchObject({ status: 428, code: 'precondition_required' })
})

test.each([
  ['without quotes', '3'],
  ['that is weak', 'W/"3"'],
  ['that fits everything', '*'],
  ['that is a list', '"2", "3"'],
  ['of another server', '"abc"'],
  ['beyond all numbers', '"9999999999999999"'],
])('an If-Match %s is refused with 400', async (_name, ifMatch) => {
  const put = await note()
  expect((await put(ifMatch)).json()).toMatchObject({ status: 400, code: 'if_match_malformed' })
})
