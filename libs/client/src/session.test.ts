import { expect, test } from 'vitest'
import { createSession, type TokenAnswer, type Tokens } from './session.ts'

const held: Tokens = { accessToken: 'first', refreshToken: 'refresh-1', expiresAt: 300_000 }
const renewed: TokenAnswer = { accessToken: 'second', refreshToken: 'refresh-2', expiresInSeconds: 300 }

function session(options: { now?: number; answer?: TokenAnswer | null }) {
  const asked: Tokens[] = []
  const seen: (Tokens | null)[] = []
  const it = createSession({
    tokens: held,
    now: () => options.now ?? 0,
    onChange: (tokens) => void seen.push(tokens),
    refresh: async (tokens) => {
      asked.push(tokens)
      return options.answer === undefined ? renewed : options.answer
    },
  })
  return { it, asked, seen }
}

test('a bearer that is still good is sent as it is', async () => {
  const { it, asked } = session({})
  expect(await it.bearer()).toBe('first')
  expect(asked).toEqual([])
})

test('a bearer about to expire is refreshed first', async () => {
  const { it, seen } = session({ now: 295_000 })
  expect(await it.bearer()).toBe('second')
  expect(seen).toEqual([{ accessToken: 'second', refreshToken: 'refresh-2', expiresAt: 595_000 }])
})

test('twenty refused calls make one refresh', async () => {
  const { it, asked } = session({})
  const bearers = await Promise.all(Array.from({ length: 20 }, () => it.renew('first')))
  expect(new Set(bearers)).toEqual(new Set(['second']))
  expect(asked).toEqual([held])
})

test('a call refused with an older bearer gets the current one without a refresh', async () => {
  const { it, asked } = session({})
  expect(await it.renew('older')).toBe('first')
  expect(asked).toEqual([])
})

test('a refresh that is refused ends the session', async () => {
  const { it, seen } = session({ answer: null })
  expect(await it.renew('first')).toBeNull()
  expect(await it.bearer()).toBeNull()
  expect(seen).toEqual([null])
})

test('a refresh that failed can be tried again', async () => {
  let attempts = 0
  const it = createSession({
    tokens: held,
    now: () => 0,
    refresh: async () => {
      attempts += 1
      if (attempts === 1) throw new Error('network')
      return renewed
    },
  })
  await expect(it.renew('first')).rejects.toThrow('network')
  expect(await it.renew('first')).toBe('second')
})
