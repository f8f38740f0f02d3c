import { z } from 'zod'

/** Places between two durable steps, in the order an event passes them. */
export const points = ['before-publish', 'after-publish', 'after-handle', 'before-acknowledge'] as const
export type Point = (typeof points)[number]

/** What a process of the fleet is told when it is started, as its only argument. */
export const processOptions = z.object({
  name: z.string(),
  busUrl: z.string(),
  /** The environment of each service that lives in it. */
  services: z.object({
    identity: z.record(z.string(), z.string()).exactOptional(),
    sandbox: z.record(z.string(), z.string()).exactOptional(),
  }),
  /** The consumers whose effects the prover counts; absent where they live elsewhere. */
  effects: z.object({ databaseUrl: z.string(), consumer: z.string() }).exactOptional(),
})
export type ProcessOptions = z.infer<typeof processOptions>

export const processOrder = z.union([
  /** End as a power cut would, at the n-th visit of the place. */
  z.object({ dieAt: z.enum(points), visit: z.int() }),
  /** Publish these bytes as they are. */
  z.object({ publish: z.object({ id: z.string(), type: z.string(), body: z.string() }) }),
])
export type ProcessOrder = z.infer<typeof processOrder>

export const processAnswer = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ published: z.string() }),
])
export type ProcessAnswer = z.infer<typeof processAnswer>

/** The consumers whose effects are counted. */
export const purposes = ['ordered', 'unordered'] as const

export const queuesOfEffects = (consumer: string) => purposes.map((purpose) => `${consumer}.${purpose}`)
