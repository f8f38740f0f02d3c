import { declareCacheKeys } from '@sandkeep/cache'

export const cacheKeys = declareCacheKeys('gateway', {
  limit: {
    pattern: 'limit:{rule}:{subject}',
    holds: 'Requests of an account or an address under one rule; accounts that a sign-in names are hashed',
    longestMs: 60_000,
    forgottenWhen: 'never',
    withoutCache:
      'reads pass; each process counts writes by itself, and sign-ins too, of which it grants a quarter',
  },
})
