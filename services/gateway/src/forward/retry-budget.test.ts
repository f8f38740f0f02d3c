import { expect, test } from 'vitest'
import { createRetryBudget } from './retry-budget.ts'

test('retries stop when the requests have not paid for them', () => {
  const budget = createRetryBudget({ requestsPerRetry: 10, maxSaved: 2 })
  expect([budget.spend(), budget.spend(), budget.spend()]).toEqual([true, true, false])
  for (let request = 0; request < 9; request += 1) budget.earn()
  expect(budget.spend()).toBe(false)
  budget.earn()
  budget.earn()
  expect(budget.spend()).toBe(true)
})
