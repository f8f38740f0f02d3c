import { describe, expect, test } from 'vitest'
import { deriveKey } from '../credential/sealed-token.ts'
import { createRefreshTokens } from './refresh-token.ts'

const tokens = createRefreshTokens(deriveKey('a secret of at least thirty-two bytes', 'test'))
const claim = { sessionId: '019b7a00-0000-7000-8000-000000000001', counter: 4_000_000_000 }

describe('a refresh token', () => {
  test('says which session and which turn it is', () => {
    expect(tokens.open(tokens.seal(claim))).toEqual(claim)
  })

  test('is the same whenever it is made', () => {
    expect(tokens.seal(claim)).toBe(tokens.seal({ ...claim }))
  })

  test('with any character changed is none', () => {
    const token = tokens.seal(claim)
    for (let at = 0; at < token.length; at += 1) {
      const other = token[at] === 'A' ? 'B' : 'A'
      expect(tokens.open(token.slice(0, at) + other + token.slice(at + 1))).toBeNull()
    }
  })

  test.each([
    ['nothing', ''],
    ['a space more', `${tokens.seal(claim)} `],
    ['half', tokens.seal(claim).slice(0, 35)],
  ])('%s is none', (_, text) => {
    expect(tokens.open(text)).toBeNull()
  })

  test('of another key is none', () => {
    const others = createRefreshTokens(deriveKey('another secret of thirty-two bytes!!', 'test'))
    expect(tokens.open(others.seal(claim))).toBeNull()
  })
})
