/** Where the service has the time from, so that tests can let a day pass. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }
