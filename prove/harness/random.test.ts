import { expect, test } from 'vitest'
import { createRandom } from './random.ts'

test('the same seed makes the same choices, another seed others', () => {
  const draw = (seed: number) => {
    const random = createRandom(seed)
    return Array.from({ length: 5 }, () => random.between(1, 1_000))
  }
  expect(draw(7)).toEqual(draw(7))
  expect(draw(7)).not.toEqual(draw(8))
})

test('every number of a range comes, and no other', () => {
  const random = createRandom(1)
  const drawn = new Set(Array.from({ length: 1_000 }, () => random.between(3, 6)))
  expect([...drawn].sort()).toEqual([3, 4, 5, 6])
})
