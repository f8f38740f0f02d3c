import { expect, test } from 'vitest'
import { composeOverview } from './overview.ts'

test('every part that answers is there, and the others say why not', async () => {
  const overview = await composeOverview(async (_service, { path }) => {
    if (path === '/v1/me') return { statusCode: 200, body: { id: 'user' } }
    if (path === '/v1/me/sessions') return { statusCode: 503, body: { code: 'overloaded' } }
    throw new Error('connection refused')
  })
  expect(overview).toEqual({
    parts: {
      me: { status: 'ok', data: { id: 'user' } },
      sessions: { status: 'unavailable', code: 'overloaded' },
      sandboxes: { status: 'unavailable', code: 'upstream_unavailable' },
    },
  })
})
