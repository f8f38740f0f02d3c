import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Person, startIdentity, type TestIdentity } from './identity-harness.ts'

const stack = new AsyncDisposableStack()
let identity: TestIdentity
let admin: Person
beforeAll(async () => {
  identity = await startIdentity(stack)
  admin = await identity.person({ role: 'admin' })
})
afterAll(() => stack.disposeAsync())

const put = (
  id: string,
  what: 'role' | 'status',
  value: string,
  version: number,
  token = admin.accessToken,
) => identity.call({ method: 'PUT', url: `/v1/users/${id}/${what}`, token, version, body: { [what]: value } })

const statusOf = async (token: string) => (await identity.call({ url: '/v1/me', token })).status

describe('rights', () => {
  test('that change end the sessions at once and are announced', async () => {
    const { id, version, accessToken, refreshToken, email } = await identity.person()
    const changed = await put(id, 'role', 'instructor', version)
    expect(changed.body).toMatchObject({ role: 'instructor', version: version + 1 })
    expect(await statusOf(accessToken)).toBe(401)
    const refreshed = await identity.call({ method: 'POST', url: '/v1/auth/refresh', body: { refreshToken } })
    expect(refreshed.status).toBe(401)
    expect((await identity.signIn(email)).body['user']).toMatchObject({ role: 'instructor' })
    expect(await identity.announced(id)).toContainEqual({
      type: 'identity.user.role-changed.v1',
      version: version + 1,
      data: expect.objectContaining({ role: 'USER_ROLE_INSTRUCTOR', previousRole: 'USER_ROLE_STUDENT' }),
    })
  })

  test('a suspended person is out at once and can come back', async () => {
    const { id, version, accessToken, email } = await identity.person()
    await put(id, 'status', 'suspended', version)
    expect(await statusOf(accessToken)).toBe(401)
    expect((await identity.signIn(email)).problem).toMatchObject({ status: 403, code: 'account_suspended' })
    await put(id, 'status', 'active', version + 1)
    expect((await identity.signIn(email)).status).toBe(200)
    const types = (await identity.announced(id)).map((it) => it.type)
    expect(types.filter((type) => type === 'identity.user.status-changed.v1')).toHaveLength(2)
  })

  test('signing in while being suspended leaves no session that lives', async () => {
    const { id, version, email } = await identity.person()
    const logins = Array.from({ length: 8 }, () => identity.signIn(email))
    const suspended = await put(id, 'status', 'suspended', version)
    expect(suspended.status).toBe(200)
    for (const login of await Promise.all(logins))
      if (login.status === 200) expect(await statusOf(String(login.body['accessToken']))).toBe(401)
  })

  test('that stay the same are no change', async () => {
    const { id, version, accessToken } = await identity.person()
    expect((await put(id, 'role', 'student', version)).body).toMatchObject({ version })
    expect(await statusOf(accessToken)).toBe(200)
  })

  test('of the last administrator cannot be taken, not even by two at once', async () => {
    const alone = await startIdentity(stack)
    const [one, other] = [await alone.person({ role: 'admin' }), await alone.person({ role: 'admin' })]
    const demote = (who: Person, by: Person) =>
      alone.call({
        method: 'PUT',
        url: `/v1/users/${who.id}/role`,
        token: by.accessToken,
        version: who.version,
        body: { role: 'student' },
      })
    const answers = await Promise.all([demote(one, other), demote(other, one)])
    expect(answers.map((it) => it.status).filter((status) => status === 200)).toHaveLength(1)
    const left = answers[0]?.status === 200 ? other : one
    const token = left.accessToken
    const refusal = { status: 409, code: 'last_admin' }
    const { version } = left
    const url = `/v1/users/${left.id}`
    for (const [what, value] of [
      ['role', 'student'],
      ['status', 'suspended'],
    ] as const) {
      const body = { [what]: value }
      expect(
        (await alone.call({ method: 'PUT', url: `${url}/${what}`, token, version, body })).problem,
      ).toMatchObject(refusal)
    }
    expect((await alone.call({ method: 'DELETE', url, token, version })).problem).toMatchObject(refusal)
  })
})
