import { declareCacheKeys } from '../src/index.ts'

const { keys } = declareCacheKeys('test', {
  any: {
    pattern: '{name}',
    holds: 'whatever a test puts there',
    longestMs: 3_600_000,
    forgottenWhen: 'the test ends',
    withoutCache: 'the test says what',
  },
})

/** A key for a test. */
export const key = keys.any
