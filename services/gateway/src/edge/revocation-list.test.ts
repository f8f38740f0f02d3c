import { expect, test } from 'vitest'
import { createRevocationList, type Revocation } from './revocation-list.ts'

const token = { userId: 'user', sessionId: 'session', issuedAt: 1_000 }
const ofSession = { userId: 'user', sessionId: 'session', revokedAt: 2_000, expiresAt: 10_000 }
const ofAccount = { userId: 'user', revokedAt: 2_000, expiresAt: 10_000 }

test('a token of a revoked session is covered whenever it was issued', () => {
  const list = createRevocationList()
  list.add([ofSession])
  expect(list.covers(token)).toBe(true)
  expect(list.covers({ ...token, issuedAt: 3_000 })).toBe(true)
  expect(list.covers({ ...token, sessionId: 'other' })).toBe(false)
})

test('an account revocation covers every session, but only tokens from before it', () => {
  const list = createRevocationList()
  list.add([ofAccount])
  expect(list.covers({ ...token, sessionId: 'other' })).toBe(true)
  expect(list.covers({ ...token, issuedAt: 2_000 })).toBe(false)
  expect(list.covers({ ...token, userId: 'somebody' })).toBe(false)
})

test('the later of two account revocations counts', () => {
  const list = createRevocationList()
  list.add([{ ...ofAccount, revokedAt: 5_000 }, ofAccount])
  expect(list.covers({ ...token, issuedAt: 4_000 })).toBe(true)
})

test('a listener hears each revocation once', () => {
  const heard: Revocation[] = []
  const list = createRevocationList()
  list.onAdded((revocation) => void heard.push(revocation))
  list.add([ofSession])
  list.add([ofSession, ofAccount])
  expect(heard).toEqual([ofSession, ofAccount])
})

test('what no valid token can match is forgotten', () => {
  const list = createRevocationList()
  list.add([ofSession, { ...ofAccount, expiresAt: 20_000 }])
  list.sweep(10_000)
  expect(list.size).toBe(1)
})
