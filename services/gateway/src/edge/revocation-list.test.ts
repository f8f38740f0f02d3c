import { expect, test } from 'vitest'
import { createRevocationList, type Revocation } from './revocation-list.ts'

const one = { sessionId: 'one', revokedAt: 2_000, expiresAt: 10_000 }
const other = { sessionId: 'other', revokedAt: 2_000, expiresAt: 20_000 }

test('a revoked session is known, others are not', () => {
  const list = createRevocationList()
  list.add([one])
  expect(list.has('one')).toBe(true)
  expect(list.has('other')).toBe(false)
})

test('a listener hears each revocation once', () => {
  const heard: Revocation[] = []
  const list = createRevocationList()
  list.onAdded((revocation) => void heard.push(revocation))
  list.add([one])
  list.add([one, other])
  expect(heard).toEqual([one, other])
})

test('a session without valid tokens is forgotten', () => {
  const list = createRevocationList()
  list.add([one, other])
  list.sweep(10_000)
  expect([list.has('one'), list.has('other')]).toEqual([false, true])
})
