import { describe, expect, test } from 'vitest'
import { sandboxAt } from '../sandbox/sandbox-fixture.ts'
import { chooseExpiry, dueWarning, expiryAfterEdit, extendExpiry } from './expiry.ts'

const now = new Date('2026-11-24T12:00:00.000Z')
const minutes = (count: number) => new Date(now.getTime() + count * 60_000)
const hours = (count: number) => minutes(count * 60)
const outOfBounds = expect.objectContaining({ code: 'expiry_out_of_bounds' })

describe('the expiry of a new sandbox', () => {
  test('is a day ahead where none is asked for', () => {
    expect(chooseExpiry('development', undefined, now)).toEqual(hours(24))
  })
  test.each([
    ['development', 30],
    ['tutorial', 7],
    ['exercise', 14],
    ['assessment', 1],
    ['collaboration', 30],
  ] as const)('of type %s is at most %i days ahead', (type, days) => {
    expect(chooseExpiry(type, hours(24 * days), now)).toEqual(hours(24 * days))
    expect(() => chooseExpiry(type, minutes(24 * 60 * days + 1), now)).toThrow(outOfBounds)
  })
  test('is never past and never less than ten minutes ahead', () => {
    expect(() => chooseExpiry('exercise', minutes(-1), now)).toThrow(outOfBounds)
    expect(() => chooseExpiry('exercise', minutes(9), now)).toThrow(outOfBounds)
  })
})

describe('extending', () => {
  test('gives a day from now, or what is asked for', () => {
    const sandbox = sandboxAt(now, { expiresAt: hours(1) })
    expect(extendExpiry(sandbox, undefined, now)).toEqual(hours(24))
    expect(extendExpiry(sandbox, hours(48), now)).toEqual(hours(48))
  })
  test('never brings the end forward', () => {
    const sandbox = sandboxAt(now, { expiresAt: hours(72) })
    expect(extendExpiry(sandbox, undefined, now)).toEqual(hours(72))
    expect(() => extendExpiry(sandbox, hours(48), now)).toThrow(outOfBounds)
  })
})

describe('an edit', () => {
  test('keeps the sandbox for two hours', () => {
    expect(expiryAfterEdit(sandboxAt(now, { expiresAt: minutes(5) }), now)).toEqual(hours(2))
  })
  test('leaves a far expiry alone, and a near one within the same quarter of an hour', () => {
    expect(expiryAfterEdit(sandboxAt(now, { expiresAt: hours(3) }), now)).toBeNull()
    expect(expiryAfterEdit(sandboxAt(now, { expiresAt: minutes(110) }), now)).toBeNull()
    expect(expiryAfterEdit(sandboxAt(now, { expiresAt: minutes(105) }), now)).toEqual(hours(2))
  })
  test('does not prolong an assessment', () => {
    expect(expiryAfterEdit(sandboxAt(now, { type: 'assessment', expiresAt: minutes(5) }), now)).toBeNull()
  })
})

describe('a warning', () => {
  test.each([
    [61, null, null],
    [60, null, 60],
    [30, null, 60],
    [30, 60, null],
    [10, 60, 10],
    [10, null, 10],
    [5, 10, null],
    [0, null, null],
  ])('%i minutes before the end, after the warning %s: %s', (left, given, due) => {
    expect(dueWarning({ expiresAt: minutes(left), expiryWarningMinutes: given }, now)).toBe(due)
  })
})
