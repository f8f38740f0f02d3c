import { newId } from '@sandkeep/postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { startIdentity, type TestIdentity } from './identity-harness.ts'

const stack = new AsyncDisposableStack()
let identity: TestIdentity
let headers: Record<string, string>
beforeAll(async () => {
  identity = await startIdentity(stack)
  headers = await identity.asService()
})
afterAll(() => stack.disposeAsync())

const revocations = z.object({
  items: z.array(
    z.object({ sessionId: z.string(), userId: z.string(), revokedAt: z.string(), expiresAt: z.string() }),
  ),
})
const askRevocations = async (query = '') => {
  const answer = await identity.call({ url: `/internal/v1/revocations${query}`, headers })
  return revocations.parse(answer.body).items
}

const logout = (refreshToken: string) =>
  identity.call({ method: 'POST', url: '/v1/auth/logout', body: { refreshToken } })

test('a session that ended is on the list of revocations before its owner gets the answer', async () => {
  const { id, refreshToken } = await identity.person()
  await logout(refreshToken)
  const [revocation] = (await askRevocations()).filter((it) => it.userId === id)
  const lifetime = Date.parse(revocation?.expiresAt ?? '') - Date.parse(revocation?.revokedAt ?? '')
  expect(lifetime).toBeGreaterThan(300_000)
})

test('the list can be asked for what is new', async () => {
  const [one, other] = [await identity.person(), await identity.person()]
  await logout(one.refreshToken)
  const since = (await askRevocations()).at(-1)?.revokedAt ?? ''
  await logout(other.refreshToken)
  const users = (await askRevocations(`?since=${since}`)).map((it) => it.userId)
  expect(users).toEqual([one.id, other.id])
  const later = new Date(Date.now() + 60_000).toISOString()
  expect(await askRevocations(`?since=${later}`)).toEqual([])
})

test('a service may know of an account what events tell, and no more', async () => {
  const person = await identity.person({ role: 'instructor' })
  const { body } = await identity.call({ url: `/internal/v1/users/${person.id}`, headers })
  expect(body).toEqual({
    id: person.id,
    username: person.username,
    role: 'instructor',
    status: 'active',
    emailVerified: true,
    version: 1,
  })
  expect((await identity.call({ url: `/internal/v1/users/${newId()}`, headers })).problem).toMatchObject({
    status: 404,
    code: 'user_not_found',
  })
})

test('all accounts come in pages, each once', async () => {
  const made = new Set<string>()
  for (let i = 0; i < 5; i += 1) made.add((await identity.person()).id)
  const page = z.object({ items: z.array(z.object({ id: z.string() })), nextAfter: z.string().optional() })
  const seen: string[] = []
  let after = ''
  do {
    const url = `/internal/v1/users?limit=2${after && `&after=${after}`}`
    const { items, nextAfter = '' } = page.parse((await identity.call({ url, headers })).body)
    seen.push(...items.map((it) => it.id))
    after = nextAfter
  } while (after !== '')
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen).toEqual(expect.arrayContaining([...made]))
})
