import { z } from 'zod'
import { ports } from './store/proofs.ts'

/** What a writer is told when it is started, as its only argument. */
export const writerOptions = z.object({
  port: z.enum(ports),
  url: z.string(),
  databaseUrl: z.string().exactOptional(),
  space: z.string(),
  without: z.enum(['answers', 'staging']).exactOptional(),
})
export type WriterOptions = z.infer<typeof writerOptions>

export const writerCommand = z.object({ id: z.string() })

export const writerAnswer = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({
    id: z.string(),
    fate: z.enum(['ok', 'refused', 'unknown']),
    /** How long the store took, in milliseconds. */
    tookMs: z.number(),
    /** Why nobody knows. */
    reason: z.string().optional(),
  }),
])
export type WriterAnswer = z.infer<typeof writerAnswer>
