export interface RetryBudget {
  /** Counts one request. */
  earn(): void
  /** Takes one retry, if the requests so far have paid for it. */
  spend(): boolean
}

/** At most one retry for every `requestsPerRetry` requests, so that retries cannot multiply an outage. */
export function createRetryBudget({ requestsPerRetry = 10, maxSaved = 10 } = {}): RetryBudget {
  let saved = maxSaved
  return {
    earn() {
      saved = Math.min(maxSaved, saved + 1 / requestsPerRetry)
    },
    spend() {
      if (saved < 1) return false
      saved -= 1
      return true
    },
  }
}
