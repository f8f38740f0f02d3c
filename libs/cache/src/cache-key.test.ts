import { expect, test } from 'vitest'
import { declareCacheKeys } from './cache-key.ts'

const { keys } = declareCacheKeys('test', {
  seen: {
    pattern: 'seen:{person}:{day}',
    holds: 'that a person was seen on a day',
    longestMs: 1_000,
    forgottenWhen: 'never',
    withoutCache: 'nobody was seen',
  },
})

test('the parts stand where the pattern has their names', () => {
  expect(keys.seen('ann', 7)).toMatchObject({ name: 'seen:ann:7', longestMs: 1_000 })
})

test('a part that looks like a placeholder stays what it is', () => {
  expect(keys.seen('{day}', 7).name).toBe('seen:{day}:7')
})

test('a part too few or too many is refused, since two keys could then be one', () => {
  expect(() => keys.seen('ann')).toThrow('The cache key seen:{person}:{day} takes 2 parts, not 1')
  expect(() => keys.seen('ann', 1, 2)).toThrow('takes 2 parts, not 3')
})
