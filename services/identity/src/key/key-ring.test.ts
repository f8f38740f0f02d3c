import { type Database, sql } from '@sandkeep/postgres'
import { testDatabase } from '@sandkeep/testkit'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deriveKey } from '../credential/sealed-token.ts'
import { migrations } from '../migrations.ts'
import { openKeyRing } from './key-ring.ts'

const day = 86_400_000
let stack: AsyncDisposableStack
let db: Database
beforeEach(async () => {
  stack = new AsyncDisposableStack()
  db = stack.use(await testDatabase({ migrations })).db
})
afterEach(() => stack.disposeAsync())

const open = (secret = 'a secret of at least thirty-two bytes') =>
  openKeyRing({
    db,
    encryptionKey: deriveKey(secret, 'signing keys'),
    rotationMs: 30 * day,
    log: pino({ level: 'silent' }),
  })

const pass = (interval: string) =>
  db.run(sql`update signing_keys set active_from = active_from - ${interval}::interval`)
const kids = (ring: Awaited<ReturnType<typeof open>>) => ring.jwks().keys.map((key) => key.kid)

test('replicas that start at once agree on one first key', async () => {
  const rings = await Promise.all([open(), open(), open()])
  expect(new Set(rings.map((ring) => ring.signingKey().kid)).size).toBe(1)
  expect(await db.query(sql`select from signing_keys`)).toHaveLength(1)
})

test('a key that is due to go is followed by one that is published first, then signs, then stands alone', async () => {
  const ring = await open()
  const first = ring.signingKey().kid
  await pass('30 days')
  await ring.refresh()
  const [, next = ''] = kids(ring)
  expect(kids(ring)).toEqual([first, next])
  expect(ring.signingKey().kid).toBe(first)

  await pass('10 minutes')
  await ring.refresh()
  expect(ring.signingKey().kid).toBe(next)
  expect(kids(ring)).toEqual([first, next])

  await pass('15 minutes')
  await ring.refresh()
  expect(kids(ring)).toEqual([next])
})

test('a rotation by hand makes the next key, and does not cut the present one short', async () => {
  const ring = await open()
  const first = ring.signingKey().kid
  await ring.rotate()
  expect(kids(ring)).toHaveLength(2)
  expect(ring.signingKey().kid).toBe(first)
})

test('a rotation by hand that cannot be made says so', async () => {
  const ring = await open()
  await db.withLock('identity signing keys', () => expect(ring.rotate()).rejects.toThrow('try again'))
  await ring.rotate()
  expect(kids(ring)).toHaveLength(2)
})

test('another secret opens no key and says so', async () => {
  await open()
  await expect(open('another secret of thirty-two bytes!!')).rejects.toThrow(/KEY_ENCRYPTION_SECRET/)
})
