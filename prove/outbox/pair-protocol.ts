import { z } from 'zod'
import { points } from './faults.ts'
import { protections } from './protections.ts'

/** What a pair is told when it is started, as its only argument. */
export const pairOptions = z.object({
  databaseUrl: z.string(),
  busUrl: z.string(),
  /** First part of the names of its queues. */
  consumer: z.string(),
  /** Where it ends itself. */
  kill: z.object({ point: z.enum(points), visit: z.int() }).exactOptional(),
  without: z.enum(protections).exactOptional(),
})
export type PairOptions = z.infer<typeof pairOptions>

/** A command to the pair; it answers with the id once it has committed, or that its fate is not known. */
export const pairCommand = z.object({ id: z.uuid(), aggregateId: z.uuid() })
export type PairCommand = z.infer<typeof pairCommand>

export const pairAnswer = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ done: z.uuid() }),
  z.object({ failed: z.uuid() }),
])
export type PairAnswer = z.infer<typeof pairAnswer>

/** The consumers of a pair. */
export const purposes = ['ordered', 'unordered'] as const
