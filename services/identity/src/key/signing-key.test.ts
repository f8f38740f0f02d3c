import { describe, expect, test } from 'vitest'
import { currentKey, isRotationDue, outlivedKeys, overlapMs, publishedAheadMs } from './signing-key.ts'

const day = 86_400_000
const period = 30 * day
const start = new Date('2026-01-01T00:00:00Z')
const later = (ms: number): Date => new Date(start.getTime() + ms)
const first = { name: 'first', activeFrom: start }
const second = { name: 'second', activeFrom: later(period) }

describe('signing keys', () => {
  test('the newest active key signs, a published one does not yet', () => {
    expect(currentKey([first, second], later(period - 1))).toBe(first)
    expect(currentKey([first, second], later(period))).toBe(second)
  })

  test('a first key is due at once, the next one ahead of its time', () => {
    expect(isRotationDue([], period, start)).toBe(true)
    expect(isRotationDue([first], period, later(period - publishedAheadMs - 1))).toBe(false)
    expect(isRotationDue([first], period, later(period - publishedAheadMs))).toBe(true)
    expect(isRotationDue([first, second], period, later(period))).toBe(false)
  })

  test('a replaced key stays until the last token it signed has died', () => {
    expect(outlivedKeys([first, second], later(period + overlapMs - 1))).toEqual([])
    expect(outlivedKeys([first, second], later(period + overlapMs))).toEqual([first])
    expect(outlivedKeys([first], later(10 * period))).toEqual([])
  })
})
