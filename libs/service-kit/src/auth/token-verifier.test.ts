import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT, UnsecuredJWT } from 'jose'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { accessTokenAudience, accessTokenType, createTokenVerifier } from './token-verifier.ts'

afterEach(() => void vi.useRealTimers())

const minute = 60_000

async function keyNamed(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' })
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' } }
}
type Key = Awaited<ReturnType<typeof keyNamed>>

const [one, two] = await Promise.all([keyNamed('one'), keyNamed('two')])
const setOf = (...keys: Key[]): JSONWebKeySet => ({ keys: keys.map((it) => it.jwk) })
const verifier = createTokenVerifier({ issuer: 'sandkeep', keys: () => setOf(one) })

interface Changes {
  header?: Record<string, unknown>
  claims?: Record<string, unknown>
  key?: Key
}

/** A good token of `ada`, but for the changes. */
function tokenWith({ header, claims, key = one }: Changes = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1_000)
  const good = { sub: 'ada', sid: 's1', role: 'student', iss: 'sandkeep', aud: accessTokenAudience }
  return new SignJWT({ ...good, iat: now, exp: now + 300, ...claims })
    .setProtectedHeader({ alg: 'EdDSA', typ: accessTokenType, kid: key.kid, ...header })
    .sign(key.privateKey)
}

test('a good token tells who asks', async () => {
  expect(await verifier.verify(await tokenWith())).toMatchObject({
    userId: 'ada',
    sessionId: 's1',
    role: 'student',
  })
})

const ago = (ms: number) => Math.floor((Date.now() - ms) / 1_000)

test.each<[string, Changes]>([
  ['of another type, such as an ID token', { header: { typ: 'JWT' } }],
  ['for another audience', { claims: { aud: 'elsewhere' } }],
  ['of another issuer', { claims: { iss: 'elsewhere' } }],
  ['that never expires', { claims: { exp: undefined } }],
  ['of no session', { claims: { sid: undefined } }],
  ['with a role that does not exist', { claims: { role: 'root' } }],
  ['signed with a key that is not published', { key: two }],
  ['signed with another key under a published name', { key: { ...two, kid: 'one' } }],
  ['that is not valid yet', { claims: { nbf: ago(-5 * minute) } }],
])('a token %s is refused', async (_name, changes) => {
  await expect(verifier.verify(await tokenWith(changes))).rejects.toMatchObject({ code: 'token_invalid' })
})

test('a token that is signed with nothing, or with the public key as a secret, is refused', async () => {
  const claims = { sub: 'ada', sid: 's1', role: 'admin', iss: 'sandkeep', aud: accessTokenAudience }
  const unsigned = new UnsecuredJWT(claims).setIssuedAt().setExpirationTime('5m').encode()
  const shared = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: accessTokenType, kid: 'one' })
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(Buffer.from(one.jwk.x ?? '', 'base64url'))
  for (const token of [unsigned, shared, 'a.b.c', '', 'x'.repeat(5_000)])
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'token_invalid' })
})

test('a token whose claims were changed is refused, also when the good one is remembered', async () => {
  const [header, claims = '', signature] = (await tokenWith()).split('.')
  await verifier.verify([header, claims, signature].join('.'))
  const changed = Buffer.from(claims, 'base64url').toString().replace('"student"', '"admin"')
  const forged = [header, Buffer.from(changed).toString('base64url'), signature].join('.')
  await expect(verifier.verify(forged)).rejects.toMatchObject({ code: 'token_invalid' })
})

test('a remembered token ends with its time, give or take the clocks', async () => {
  const token = await tokenWith()
  await verifier.verify(token)
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 5 * minute + 20_000 })
  await verifier.verify(token)
  vi.setSystemTime(Date.now() + 20_000)
  await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'token_expired' })
  const old = await tokenWith({ claims: { iat: ago(10 * minute), exp: ago(5 * minute) } })
  await expect(verifier.verify(old)).rejects.toMatchObject({ code: 'token_expired' })
})

test('a remembered token ends with its session', async () => {
  const revoked = new Set<string>()
  const isRevoked = ({ sessionId }: { sessionId: string }) => revoked.has(sessionId)
  const strict = createTokenVerifier({ issuer: 'sandkeep', keys: () => setOf(one), isRevoked })
  const token = await tokenWith()
  await strict.verify(token)
  revoked.add('s1')
  await expect(strict.verify(token)).rejects.toMatchObject({ code: 'token_invalid' })
})

/** A server of keys that can change them, fail, and count how often it was asked. */
async function keyServer(...published: Key[]) {
  let keys: Key[] | 'down' | 'odd' = published
  let asked = 0
  const server = createServer((_request, response) => {
    asked++
    if (keys === 'down') return void response.writeHead(503).end()
    response.end(keys === 'odd' ? '{"keys":"none"}' : JSON.stringify(setOf(...keys)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return {
    verifier: createTokenVerifier({ issuer: 'sandkeep', jwksUrl: `http://127.0.0.1:${port}/keys` }),
    asked: () => asked,
    publish: (now: typeof keys) => {
      keys = now
    },
  }
}

test('keys are fetched once, and again for a token of a new one', async () => {
  const { verifier, publish, asked } = await keyServer(one)
  await verifier.verify(await tokenWith())
  await verifier.verify(await tokenWith({ claims: { sid: 's2' } }))
  expect(asked()).toBe(1)

  publish([one, two])
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + minute })
  await verifier.verify(await tokenWith({ key: two }))
  expect(asked()).toBe(2)
})

test('made-up key names do not make it ask again and again', async () => {
  const { verifier, asked } = await keyServer(one)
  for (const kid of ['a', 'b', 'c']) {
    const token = await tokenWith({ key: { ...two, kid } })
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'token_invalid' })
  }
  expect(asked()).toBe(1)
})

test('known keys stay good while they cannot be fetched, and only unknown ones cannot be checked', async () => {
  const { verifier, publish, asked } = await keyServer(one)
  await verifier.verify(await tokenWith())
  publish('down')
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60 * minute })
  await verifier.verify(await tokenWith())
  await vi.waitFor(() => expect(asked()).toBe(2))
  await verifier.verify(await tokenWith({ claims: { sid: 's2' } }))
  await expect(verifier.verify(await tokenWith({ key: two }))).rejects.toMatchObject({
    code: 'keys_unavailable',
    retryAfterSeconds: 1,
  })
})

test.each(['down', 'odd'] as const)(
  'without any keys, from a server that is %s, nothing can be checked',
  async (how) => {
    const { verifier, publish } = await keyServer(one)
    publish(how)
    await expect(verifier.verify(await tokenWith())).rejects.toMatchObject({ code: 'keys_unavailable' })
    publish([one])
    await verifier.verify(await tokenWith())
  },
)

test('a key that is no longer published is forgotten', async () => {
  const { verifier, publish, asked } = await keyServer(one, two)
  await verifier.verify(await tokenWith())
  publish([two])
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11 * minute })
  await verifier.verify(await tokenWith({ key: two }))
  await vi.waitFor(() => expect(asked()).toBe(2))
  await vi.waitFor(async () => {
    const token = await tokenWith({ claims: { sid: crypto.randomUUID() } })
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'token_invalid' })
  })
})
