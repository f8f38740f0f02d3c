import { describe, expect, test } from 'vitest'
import { decideRefresh, endsAt, isLive, type Session } from './session.ts'

const day = 86_400_000
const limits = { idleMs: 7 * day, absoluteMs: 30 * day }
const start = new Date('2026-01-01T00:00:00Z')
const later = (ms: number): Date => new Date(start.getTime() + ms)

const session: Session = {
  id: '019b7a00-0000-7000-8000-000000000001',
  userId: '019b7a00-0000-7000-8000-000000000002',
  counter: 5,
  userAgent: null,
  network: null,
  createdAt: start,
  lastUsedAt: start,
  expiresAt: later(limits.absoluteMs),
  revokedAt: null,
}

describe('a refresh token', () => {
  test.each([
    ['the current one', 5, 'rotate'],
    ['the one before it', 4, 'repeat'],
    ['an older one', 3, 'reused'],
    ['the first one', 0, 'reused'],
    ['one that was never given out', 6, 'ended'],
  ] as const)('%s', (_, presented, decision) => {
    expect(decideRefresh(session, presented, limits, start)).toBe(decision)
  })

  test('of a revoked session is not judged any more', () => {
    expect(decideRefresh({ ...session, revokedAt: start }, 0, limits, start)).toBe('ended')
  })
})

describe('a session', () => {
  test('ends after a week without use', () => {
    expect(isLive(session, limits, later(7 * day - 1))).toBe(true)
    expect(isLive(session, limits, later(7 * day))).toBe(false)
  })

  test('ends after thirty days however much it is used', () => {
    const used = { ...session, lastUsedAt: later(29 * day) }
    expect(endsAt(used, limits)).toEqual(later(30 * day))
    expect(isLive(used, limits, later(30 * day))).toBe(false)
  })
})
