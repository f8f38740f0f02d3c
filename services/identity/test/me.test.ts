import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Person, startIdentity, type TestIdentity, unique } from './identity-harness.ts'

const stack = new AsyncDisposableStack()
let identity: TestIdentity
beforeAll(async () => {
  identity = await startIdentity(stack)
})
afterAll(() => stack.disposeAsync())

const edit = ({ accessToken, version }: Pick<Person, 'accessToken' | 'version'>, body: object) =>
  identity.call({ method: 'PATCH', url: '/v1/me', token: accessToken, version, body })

test('people say of themselves what they like, change it and take it back', async () => {
  const person = await identity.person()
  const said = await edit(person, {
    firstName: 'Ada',
    bio: 'Poet of\nmachines 🌍',
    learningPreferences: { pace: 'slow', topics: ['otp'] },
  })
  expect(said.body).toMatchObject({
    firstName: 'Ada',
    bio: 'Poet of\nmachines 🌍',
    learningPreferences: { pace: 'slow', topics: ['otp'] },
    version: 2,
  })
  const taken = await edit({ ...person, version: 2 }, { firstName: null, bio: null })
  expect(taken.body).not.toHaveProperty('firstName')
  expect(taken.body).not.toHaveProperty('bio')
  expect(taken.body).toMatchObject({ learningPreferences: { pace: 'slow' }, version: 3 })
  expect((await identity.announced(person.id)).at(-1)).toMatchObject({
    type: 'identity.user.updated.v1',
    version: 3,
    data: { changedFields: ['firstName', 'bio'] },
  })
})

test('what they say is announced by the names of its fields only', async () => {
  const person = await identity.person()
  await edit(person, { firstName: 'Augusta', bio: 'A secret' })
  const announced = JSON.stringify(await identity.announced(person.id))
  for (const word of ['Augusta', 'A secret', person.email]) expect(announced).not.toContain(word)
})

test('a username may be changed to a free one', async () => {
  const [person, other] = [await identity.person(), await identity.person()]
  const refusals = [
    [other.username.toUpperCase(), 'username_taken'],
    ['Administrator', 'username_reserved'],
  ]
  for (const [username, code] of refusals)
    expect((await edit(person, { username })).problem).toMatchObject({ status: 422, errors: [{ code }] })
  const username = unique('renamed')
  expect((await edit(person, { username })).body).toMatchObject({ username })
  expect((await identity.signIn(username)).status).toBe(200)
})

test('no change is none', async () => {
  const person = await identity.person()
  expect((await edit(person, {})).body).toMatchObject({ version: person.version })
})

test.each([
  'role',
  'status',
  'email',
  'emailVerified',
  'metadata',
  'achievements',
  'statistics',
  'avatarUrl',
])('nobody sets their own %s', async (field) => {
  const person = await identity.person()
  expect((await edit(person, { [field]: 'admin' })).problem).toMatchObject({
    status: 400,
    errors: [{ pointer: `/${field}`, code: 'unknown_field' }],
  })
})

test('a change to what was not read last is refused', async () => {
  const person = await identity.person()
  await edit(person, { bio: 'first' })
  expect((await edit(person, { bio: 'second' })).problem).toMatchObject({
    status: 412,
    code: 'stale_version',
  })
  const url = '/v1/me'
  const blind = { method: 'PATCH', url, token: person.accessToken, body: { bio: 'third' } } as const
  expect((await identity.call(blind)).problem).toMatchObject({ status: 428 })
})
