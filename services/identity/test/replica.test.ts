import { sql } from '@sandkeep/postgres'
import { eventually } from '@sandkeep/testkit'
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Person, startIdentity, type TestIdentity } from './identity-harness.ts'

const stack = new AsyncDisposableStack()
let one: TestIdentity
let other: TestIdentity
beforeAll(async () => {
  one = await startIdentity(stack)
  other = await startIdentity(stack, { env: one.env })
})
afterAll(() => stack.disposeAsync())

const statusAt = async (replica: TestIdentity, { accessToken }: Person) =>
  (await replica.call({ url: '/v1/me', token: accessToken })).status

test('a token of one replica is good at the other', async () => {
  expect(await statusAt(other, await one.person())).toBe(200)
})

test('a session that ended at one replica is refused by the other, without a cache between them', async () => {
  const person = await one.person()
  expect(await statusAt(other, person)).toBe(200)
  const body = { refreshToken: person.refreshToken }
  await one.call({ method: 'POST', url: '/v1/auth/logout', body })
  expect(await statusAt(one, person)).toBe(401)
  await eventually(async () => expect(await statusAt(other, person)).toBe(401))
})

test('a replica that starts knows what was revoked before', async () => {
  const person = await one.person()
  await one.call({ method: 'POST', url: '/v1/auth/logout', body: { refreshToken: person.refreshToken } })
  expect(await statusAt(await startIdentity(stack, { env: one.env }), person)).toBe(401)
})

test('an access token says what the published keys prove', async () => {
  const person = await one.person({ role: 'instructor' })
  const url = await one.app.listen({ host: '127.0.0.1', port: 0 })
  const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', url))
  const options = { issuer: 'sandkeep', audience: 'sandkeep', algorithms: ['EdDSA'], typ: 'at+jwt' }
  const { payload } = await jwtVerify(person.accessToken, keys, options)
  expect(payload).toMatchObject({ sub: person.id, role: 'instructor', sid: expect.any(String) })
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300)
  expect(JSON.stringify(payload)).not.toContain(person.email)
})

test('the private halves of keys are nowhere in the clear', async () => {
  const { kid } = decodeProtectedHeader((await one.person()).accessToken)
  const jwks = await one.call({ url: '/.well-known/jwks.json' })
  expect(jwks.body['keys']).toEqual([
    { kty: 'OKP', crv: 'Ed25519', x: expect.any(String), kid, alg: 'EdDSA', use: 'sig' },
  ])
  const rows = await one.db.query<{ key: Buffer }>(sql`select private_key as key from signing_keys`)
  expect(rows).toHaveLength(1)
  expect(rows[0]?.key.toString('latin1')).not.toMatch(/kty|OKP|"d"/)
})
