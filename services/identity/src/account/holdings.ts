import { type ServiceCaller, type ServiceTarget, ServiceUnavailableError } from '@sandkeep/service-kit'
import { z } from 'zod'

/** What of a person lives on with another service. */
export interface Holding {
  owner: string
  kind: string
  count: number
  sample: string[]
}

/** Everything that lives on, asked live. Throws when an owner gives no answer: silence is not "nothing". */
export type AskHoldings = (userId: string) => Promise<Holding[]>

const deadlineMs = 2000

const answer = z.object({
  items: z.array(z.object({ kind: z.string(), count: z.int().min(0), sample: z.array(z.string()) })),
})

export const createHoldingsQuestion =
  (ask: ServiceCaller, owners: ServiceTarget[]): AskHoldings =>
  async (userId) => {
    const answers = owners.map(async (owner): Promise<Holding[]> => {
      const parsed = answer.safeParse(
        await ask(owner, { path: `/internal/v1/users/${userId}/holdings`, deadlineMs }),
      )
      if (!parsed.success) throw new ServiceUnavailableError(owner.name, parsed.error)
      return parsed.data.items.filter((it) => it.count > 0).map((it) => ({ owner: owner.name, ...it }))
    })
    return (await Promise.all(answers)).flat()
  }
