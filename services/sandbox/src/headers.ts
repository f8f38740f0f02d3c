import { z } from 'zod'

/** The header with the version that the caller saw. Described here, read by `requireVersion`. */
export const ifMatch = z.looseObject({
  'if-match': z.string().optional().describe('The ETag that you read; required'),
})

/** The header that makes a repeat of the request answer as the first did. Read by `idempotent`. */
export const idempotencyKey = z.looseObject({
  'idempotency-key': z
    .string()
    .optional()
    .describe('Any text of your own, new for each new request; required'),
})
