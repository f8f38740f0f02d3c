import { newId } from '@sandkeep/postgres'
import { authorizationCells, type Role, roles } from '@sandkeep/service-kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { authorization } from '../src/authorization.ts'
import { describe } from '../src/describe.ts'
import { type Call, type Person, startSandbox, type TestSandbox } from './sandbox-harness.ts'

const stack = new AsyncDisposableStack()
let it: TestSandbox
const people = new Map<Role, Person>()
const sandboxes = new Map<string, string>()
beforeAll(async () => {
  it = await startSandbox(stack)
  for (const role of roles) people.set(role, await it.person(role))
  for (const person of people.values()) {
    const { id } = await it.create(person)
    await it.put(person, id, 'a', 'text')
    sandboxes.set(person.id, id)
  }
})
afterAll(() => stack.disposeAsync())

type Operation = keyof typeof authorization

const at = (id: string) => `/v1/sandboxes/${id}`
const stale = 999
const post = (url: string, body: unknown): Call => ({ method: 'POST', url, body })

// Stale versions, unknown ids and refused values on purpose: the matrix is about who may ask, so nothing need change.
const calls: Record<Operation, (id: string, ownerId: string) => Call> = {
  listSandboxes: (_, ownerId) => ({ url: `/v1/sandboxes?ownerId=${ownerId}` }),
  createSandbox: (_, ownerId) => post('/v1/sandboxes', { name: 'New', type: 'exercise', ownerId }),
  getSandbox: (id) => ({ url: at(id) }),
  updateSandbox: (id) => ({ method: 'PATCH', url: at(id), version: stale, body: {} }),
  deleteSandbox: (id) => ({ method: 'DELETE', url: at(id), version: stale }),
  suspendSandbox: (id) => post(`${at(id)}/suspend`, undefined),
  resumeSandbox: (id) => post(`${at(id)}/resume`, undefined),
  extendSandbox: (id) => post(`${at(id)}/extend`, { expiresAt: '2020-01-01T00:00:00Z' }),
  getTree: (id) => ({ url: `${at(id)}/tree` }),
  getFile: (id) => ({ url: `${at(id)}/files/a` }),
  putFile: (id) => ({ method: 'PUT', url: `${at(id)}/files/a`, version: stale, body: 'x' }),
  deleteFile: (id) => ({ method: 'DELETE', url: `${at(id)}/files/a`, version: stale }),
  listFileVersions: (id) => ({ url: `${at(id)}/file-versions/a` }),
  createFileLink: (id) => post(`${at(id)}/file-links`, { path: 'a' }),
  moveFile: (id) => post(`${at(id)}/files/move`, { from: 'a', to: 'b', ifVersion: stale }),
  changeFiles: (id) =>
    post(`${at(id)}/changes`, { changes: [{ path: 'a', delete: true, ifVersion: stale }] }),
  listCheckpoints: (id) => ({ url: `${at(id)}/checkpoints` }),
  createCheckpoint: (id) => post(`${at(id)}/checkpoints`, {}),
  getCheckpoint: (id) => ({ url: `${at(id)}/checkpoints/${newId()}` }),
  updateCheckpoint: (id) => ({
    method: 'PATCH',
    url: `${at(id)}/checkpoints/${newId()}`,
    version: stale,
    body: {},
  }),
  deleteCheckpoint: (id) => ({ method: 'DELETE', url: `${at(id)}/checkpoints/${newId()}`, version: stale }),
  diffSandbox: (id) => ({ url: `${at(id)}/diff?from=working` }),
  restoreSandbox: (id) => post(`${at(id)}/restore`, { checkpointId: newId() }),
  forkSandbox: (id) => post(`${at(id)}/forks`, { checkpointId: newId() }),
  exportSandbox: (id) => ({ url: `${at(id)}/export.zip` }),
  importSandbox: (id) => ({
    method: 'PUT',
    url: `${at(id)}/import`,
    version: stale,
    body: 'x',
    headers: { 'content-type': 'application/zip' },
  }),
}

const refusals = ['operation_forbidden', 'sandbox_not_found', 'field_not_allowed']
const callOf = (operation: string) => calls[operation as Operation]

test.each(authorizationCells(authorization))(
  '$role may $operation of $relation: $isAllowed',
  async ({ operation, role, relation, isAllowed }) => {
    const person = people.get(role)
    const foreign = people.get(role === 'student' ? 'instructor' : 'student')
    const ownerId = (relation === 'own' ? person?.id : foreign?.id) ?? ''
    it.identity.accounts.clear()
    const answer = await it.call({ ...callOf(operation)(sandboxes.get(ownerId) ?? '', ownerId), as: person })
    expect(answer.status, answer.text).toBeLessThan(500)
    expect(answer.status).not.toBe(401)
    expect(refusals.includes(answer.problem.code), answer.text.slice(0, 200)).toBe(!isAllowed)
  },
)

test('what belongs to somebody else is answered as what does not exist', async () => {
  const student = people.get('student')
  const foreign = sandboxes.get(people.get('instructor')?.id ?? '') ?? ''
  const nobodys = newId()
  for (const [operation, call] of Object.entries(calls)) {
    if (['listSandboxes', 'createSandbox'].includes(operation)) continue
    const answers = [foreign, nobodys].map(async (id) => {
      const { problem } = await it.call({ ...call(id, ''), as: student })
      return [problem.status, problem.code, problem.detail?.replace(id, '')]
    })
    const [theirs, none] = await Promise.all(answers)
    expect(theirs, operation).toEqual(none)
  }
})

test('the description of the service names every operation of the matrix', async () => {
  const { paths } = await describe()
  const described = Object.values(paths).flatMap((path) =>
    Object.values(path).map((operation) => (operation as { operationId: string }).operationId),
  )
  expect(described).toEqual(expect.arrayContaining(Object.keys(authorization)))
})

test('every route of the matrix refuses who shows no token, a forged one, or a service’s', async () => {
  const [id = ''] = sandboxes.values()
  const asService = await it.asService()
  const admin = people.get('admin')
  const forged = `${admin?.token.split('.').slice(0, 2).join('.')}.AAAA`
  for (const make of Object.values(calls)) {
    const call = make(id, admin?.id ?? '')
    expect((await it.call(call)).problem).toMatchObject({ status: 401, code: 'token_missing' })
    const withForged = { ...call, headers: { ...call.headers, authorization: `Bearer ${forged}` } }
    expect((await it.call(withForged)).problem).toMatchObject({ status: 401, code: 'token_invalid' })
    const withService = { ...call, headers: { ...call.headers, ...asService } }
    expect((await it.call(withService)).problem).toMatchObject({ status: 401, code: 'token_missing' })
  }
})
