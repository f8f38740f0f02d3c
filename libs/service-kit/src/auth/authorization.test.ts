import { afterEach, expect, test } from 'vitest'
import { requireAccess } from '../http/access.ts'
import { createApp } from '../http/create-app.ts'
import { createTestHost, createTestTokens } from '../testing.ts'
import { authorizationCells, defineAuthorization } from './authorization.ts'

const tokens = await createTestTokens()
const authorization = defineAuthorization({
  getNote: { student: 'own', instructor: 'any', admin: 'any' },
  editNote: { student: 'own' },
  purgeNote: { admin: 'any' },
})

let stack = new AsyncDisposableStack()
afterEach(async () => {
  await stack.disposeAsync()
  stack = new AsyncDisposableStack()
})

async function emptyApp(matrix = {}) {
  const { verifier } = tokens
  const app = await createApp({ name: 'notes', authorization: matrix, host: createTestHost(), verifier })
  return stack.adopt(app, (it) => it.close())
}

async function notes() {
  const app = await emptyApp(authorization)
  for (const [method, operation] of [
    ['GET', 'getNote'],
    ['PATCH', 'editNote'],
    ['DELETE', 'purgeNote'],
  ] as const)
    app.route({
      method,
      url: '/v1/notes/:ownerId',
      operation,
      handler: async (request) => {
        requireAccess(request, { ownerId: String(Object(request.params).ownerId) })
        return operation
      },
    })
  await app.ready()
  return app
}

const methods = { getNote: 'GET', editNote: 'PATCH', purgeNote: 'DELETE' } as const

test.each(authorizationCells(authorization))(
  '$operation by $role on what is $relation: allowed is $isAllowed',
  async ({ operation, role, relation, isAllowed }) => {
    const app = await notes()
    const answer = await app.inject({
      method: methods[operation as keyof typeof methods],
      url: `/v1/notes/${relation === 'own' ? 'ada' : 'bob'}`,
      headers: { authorization: `Bearer ${await tokens.issue({ userId: 'ada', role })}` },
    })
    const isInMatrix = authorizationCells(authorization).some(
      (it) => it.operation === operation && it.role === role && it.isAllowed,
    )
    // What a role may do at all it may do to nobody else's things, which then do not exist; the rest is forbidden.
    expect(answer.statusCode).toBe(isAllowed ? 200 : isInMatrix ? 404 : 403)
  },
)

test('HEAD needs what GET needs', async () => {
  const app = await notes()
  expect((await app.inject({ method: 'HEAD', url: '/v1/notes/ada' })).statusCode).toBe(401)
})

test('a service tells all that is wrong with its routes, and does not start', async () => {
  const app = await emptyApp({ getNote: { student: 'own' }, lostNote: { admin: 'any' } })
  const handler = async () => 'note'
  app.route({ method: 'GET', url: '/v1/a', operation: 'getNote', auth: 'public', handler })
  app.route({ method: 'GET', url: '/v1/b', operation: 'getNote', handler })
  app.route({ method: 'GET', url: '/v1/c', operation: 'openNote', handler })
  app.route({ method: 'GET', url: '/v1/d', auth: 'public', handler })
  await expect(app.ready()).rejects.toThrow(
    [
      'the routes are not as they must be:',
      '  GET /v1/a is public and also in the authorization matrix',
      '  GET /v1/b and GET /v1/a are both getNote',
      '  GET /v1/c has no auth rule: add it to the authorization matrix',
      '  GET /v1/d has no operation',
      '  the authorization matrix names lostNote, which no route has',
    ].join('\n'),
  )
})
