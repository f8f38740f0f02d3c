import { roles, type ServiceCaller } from '@sandkeep/service-kit'
import { z } from 'zod'
import { type Account, accountStatuses } from './account.ts'

const lookUpMs = 2_000
const pageMs = 10_000
const pageSize = 500

const reference = z.object({
  id: z.uuid(),
  username: z.string(),
  role: z.enum(roles),
  status: z.enum(accountStatuses),
  version: z.int(),
})

const page = z.object({ items: z.array(reference), nextAfter: z.uuid().optional() })

/** Where accounts are really kept: identity, asked over HTTP. Throws `ServiceUnavailableError` when it does not answer. */
export interface AccountDirectory {
  /** The account as identity has it, or null when there is none. */
  find(id: string): Promise<Account | null>
  /** All accounts in the order of their ids, in pages. */
  pages(): AsyncGenerator<{ accounts: Account[]; isLast: boolean }, void>
}

export function createAccountDirectory(ask: ServiceCaller, url: string): AccountDirectory {
  const identity = { name: 'identity', url }
  return {
    async find(id) {
      const answer = await ask(identity, { path: `/internal/v1/users/${id}`, deadlineMs: lookUpMs })
      return answer === null ? null : reference.parse(answer)
    },
    async *pages() {
      let after: string | undefined
      do {
        const query = new URLSearchParams({ limit: String(pageSize), ...(after ? { after } : {}) })
        const answer = page.parse(
          await ask(identity, { path: `/internal/v1/users?${query}`, deadlineMs: pageMs }),
        )
        after = answer.nextAfter
        yield { accounts: answer.items, isLast: after === undefined }
      } while (after !== undefined)
    },
  }
}
