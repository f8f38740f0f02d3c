import { expect, test } from 'vitest'
import { spanOf } from './byte-range.ts'

test.each([
  ['bytes=0-0', { first: 0, last: 0 }],
  ['bytes=2-4', { first: 2, last: 4 }],
  ['bytes=8-', { first: 8, last: 9 }],
  ['bytes=8-50', { first: 8, last: 9 }],
  ['bytes=-3', { first: 7, last: 9 }],
  ['bytes=-50', { first: 0, last: 9 }],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=4-2', 'all'],
  ['bytes=0-1,4-5', 'all'],
  ['bytes=-', 'all'],
  ['items=0-1', 'all'],
  [undefined, 'all'],
])('of ten bytes %s is %j', (header, expected) => {
  expect(spanOf(header, 10)).toEqual(expected)
})

test('nothing of an empty file can be asked for', () => {
  expect(spanOf('bytes=0-', 0)).toBe('unsatisfiable')
})
