import { expect, test } from 'vitest'
import { httpEnv } from '../config/fragments.ts'
import { createTestHost } from '../testing.ts'
import { createApp } from './create-app.ts'

const page = 'https://learn.example'

async function notes(origins: string) {
  const app = await createApp({
    name: 'notes',
    authorization: { editNote: { student: 'own' } },
    host: createTestHost(),
    config: httpEnv.parse({ CORS_ORIGINS: origins }),
  })
  app.route({ method: 'PATCH', url: '/v1/note', operation: 'editNote', handler: async () => 'edited' })
  await app.ready()
  return app
}

const preflight = (origin: string) =>
  ({
    method: 'OPTIONS',
    url: '/v1/note',
    headers: {
      origin,
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'authorization, if-match',
    },
  }) as const

test('a page of a listed origin may call, with its credentials', async () => {
  const app = await notes(`https://other.example, ${page}`)
  const { statusCode, headers } = await app.inject(preflight(page))
  expect(statusCode).toBe(204)
  expect(headers).toMatchObject({
    'access-control-allow-origin': page,
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': expect.stringContaining('PATCH'),
    'access-control-allow-headers': 'authorization, if-match',
    vary: expect.stringContaining('Origin'),
  })
})

test.each([['https://evil.example'], ['https://learn.example.evil.org'], ['http://learn.example'], ['null']])(
  'a page of %s may not',
  async (origin) => {
    const app = await notes(page)
    for (const request of [preflight(origin), { ...preflight(origin), method: 'PATCH' as const }])
      expect((await app.inject(request)).headers).not.toHaveProperty('access-control-allow-origin')
  },
)

test('a listed page can read why it was refused, and the headers it needs', async () => {
  const app = await notes(page)
  const { headers, body } = await app.inject({ method: 'PATCH', url: '/v1/note', headers: { origin: page } })
  expect(JSON.parse(body)).toMatchObject({ status: 401, code: 'token_missing' })
  expect(headers['access-control-allow-origin']).toBe(page)
  for (const name of ['etag', 'location', 'retry-after', 'x-request-id'])
    expect(headers['access-control-expose-headers']).toContain(name)
})

test('without a list no page of another origin may call, and OPTIONS is no route', async () => {
  const app = await notes('')
  const answer = await app.inject(preflight(page))
  expect(answer.json()).toMatchObject({ status: 404, code: 'route_not_found' })
  expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
})
