import { newId } from '@sandkeep/postgres'
import { authorizationCells, type Role, roles } from '@sandkeep/service-kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { authorization } from '../src/authorization.ts'
import { describe } from '../src/describe.ts'
import { type Call, type Person, startIdentity, type TestIdentity } from './identity-harness.ts'

const stack = new AsyncDisposableStack()
let identity: TestIdentity
const people = new Map<Role, Person>()
beforeAll(async () => {
  identity = await startIdentity(stack)
  await identity.person({ role: 'admin' })
  for (const role of roles) people.set(role, await identity.person({ role }))
})
afterAll(() => stack.disposeAsync())

type Operation = keyof typeof authorization

const stale = 999
// Stale versions and refused values on purpose: the matrix is about who may ask, so that nothing need change.
const calls: Record<Operation, (id: string) => Call> = {
  getMe: () => ({ url: '/v1/me' }),
  updateMe: () => ({ method: 'PATCH', url: '/v1/me', version: stale, body: {} }),
  replaceMyAvatar: () => ({ method: 'PUT', url: '/v1/me/avatar', version: stale, body: {} }),
  changeMyPassword: () => ({
    method: 'PUT',
    url: '/v1/me/password',
    body: { currentPassword: 'x', newPassword: 'short' },
  }),
  listMySessions: () => ({ url: '/v1/me/sessions' }),
  revokeMySession: () => ({ method: 'DELETE', url: `/v1/me/sessions/${newId()}` }),
  listUsers: () => ({ url: '/v1/users' }),
  createUser: () => ({ method: 'POST', url: '/v1/users', body: {} }),
  getUser: (id) => ({ url: `/v1/users/${id}` }),
  updateUser: (id) => ({ method: 'PATCH', url: `/v1/users/${id}`, version: stale, body: {} }),
  deleteUser: (id) => ({ method: 'DELETE', url: `/v1/users/${id}`, version: stale }),
  changeUserRole: (id) => ({
    method: 'PUT',
    url: `/v1/users/${id}/role`,
    version: stale,
    body: { role: 'student' },
  }),
  changeUserStatus: (id) => ({
    method: 'PUT',
    url: `/v1/users/${id}/status`,
    version: stale,
    body: { status: 'active' },
  }),
}

const callOf = (operation: string) => calls[operation as Operation]

// What is reached by /v1/me is always one's own: a call that names no user has no foreign one.
const cells = authorizationCells(authorization).filter(
  ({ operation, relation }) => relation === 'own' || callOf(operation).length > 0,
)

const refusals = ['operation_forbidden', 'not_found']

test.each(cells)(
  '$role may $operation of $relation: $isAllowed',
  async ({ operation, role, relation, isAllowed }) => {
    const person = people.get(role)
    const foreign = people.get(role === 'student' ? 'instructor' : 'student')
    const target = (relation === 'own' ? person?.id : foreign?.id) ?? ''
    const answer = await identity.call({ ...callOf(operation)(target), token: person?.accessToken })
    expect(answer.status).toBeLessThan(500)
    expect(answer.status).not.toBe(401)
    expect(refusals.includes(answer.problem.code)).toBe(!isAllowed)
  },
)

test('the description of the service names every operation of the matrix', async () => {
  const { paths } = await describe()
  const described = Object.values(paths).flatMap((path) =>
    Object.values(path).map((it) => (it as { operationId: string }).operationId),
  )
  expect(described).toEqual(expect.arrayContaining(Object.keys(authorization)))
})

test('every route of the matrix refuses who shows no token, a forged one, or a service’s', async () => {
  const forged = `${people.get('admin')?.accessToken.split('.').slice(0, 2).join('.')}.AAAA`
  const asService = await identity.asService()
  for (const call of Object.values(calls)) {
    const it = call(newId())
    expect((await identity.call(it)).problem).toMatchObject({ status: 401, code: 'token_missing' })
    expect((await identity.call({ ...it, token: forged })).problem).toMatchObject({ code: 'token_invalid' })
    expect((await identity.call({ ...it, headers: asService })).problem).toMatchObject({
      code: 'token_missing',
    })
  }
})

test('what services ask is answered to no person', async () => {
  const token = people.get('admin')?.accessToken
  for (const url of ['/internal/v1/revocations', '/internal/v1/users', `/internal/v1/users/${newId()}`])
    expect((await identity.call({ url, token })).problem).toMatchObject({
      status: 401,
      code: 'service_token_invalid',
    })
})
