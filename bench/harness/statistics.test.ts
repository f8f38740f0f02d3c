import { expect, test } from 'vitest'
import { createGoals } from './goals.ts'
import { alternate, figuresOf, pairedRatio } from './rounds.ts'
import { type Figures, median, percentile, spread } from './statistics.ts'

test('percentiles are taken from the sorted values', () => {
  const values = Array.from({ length: 100 }, (_, index) => index + 1)
  expect([percentile(values, 0.5), percentile(values, 0.99), percentile([7], 0.99)]).toEqual([51, 100, 7])
})

test('the median of an even number of values is between the middle two', () => {
  expect([median([4, 1, 3, 2]), median([3, 1, 2])]).toEqual([2.5, 2])
})

test('spread is a share of the median', () => {
  expect(spread([90, 100, 110])).toBeCloseTo(0.2)
})

test('contenders alternate, and are compared round by round', async () => {
  const order: string[] = []
  const contender = (name: string, rates: number[]) => ({
    name,
    run: async (): Promise<Figures> => {
      order.push(name)
      return { perSecond: rates.shift() ?? 0, p50Ms: 1, p99Ms: 2, cpuMicros: 3 }
    },
  })
  const contenders = [contender('ours', [0, 80, 40, 90]), contender('peer', [0, 100, 50, 100])]
  const results = await alternate('reads', contenders, { rounds: 3, seconds: 0, print: () => {} })
  expect(order.join(' ')).toBe('ours peer ours peer peer ours ours peer')
  expect(figuresOf(results, 'ours').perSecond).toBe(80)
  expect(pairedRatio(results, 'ours', 'peer')).toBe(0.8)
})

test('a goal that is missed is named', () => {
  const lines: string[] = []
  const goals = createGoals((line) => lines.push(line))
  goals.atLeast('read', 0.85, 0.8)
  goals.atMost('hop', 1.7, 1.5, ' ms')
  goals.atLeast('nothing', Number.NaN, 0.8)
  expect(lines).toEqual([
    'goal read 0.85 (asked >= 0.8) met',
    'goal hop 1.70 ms (asked <= 1.5 ms) missed',
    'goal nothing NaN (asked >= 0.8) missed',
  ])
  expect(goals.missed()).toEqual(['hop', 'nothing'])
})
