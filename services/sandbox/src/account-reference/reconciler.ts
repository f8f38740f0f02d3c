import type { Database } from '@sandkeep/postgres'
import type { Account } from './account.ts'
import type { AccountDirectory } from './account-directory.ts'
import { listBetween, listUnknownReferences } from './account-store.ts'
import { forgetAccount, keepAccount } from './keep-account.ts'

export interface Reconciliation {
  /** Accounts that identity has. */
  compared: number
  /** Copies that had missed something and are right now. */
  repaired: number
  /** Ids that something here refers to and that nobody knows. */
  dangling: string[]
}

export type Reconciler = ReturnType<typeof createReconciler>

/** Compares the local copies of accounts with identity: what events bring within a second is made sure of once a day. */
export function createReconciler({ db, identity }: { db: Database; identity: AccountDirectory }) {
  const keep = (account: Account): Promise<boolean> =>
    db.transaction(async (tx) => (await keepAccount(tx, account)).isNews)

  /** A page of identity beside what is known of the same range of ids. */
  const compare = async (accounts: readonly Account[], known: readonly Account[]): Promise<number> => {
    let repaired = 0
    const versions = new Map(known.map(({ id, version }) => [id, version]))
    for (const account of accounts) {
      const isNewer = account.version > (versions.get(account.id) ?? 0)
      if (isNewer && (await keep(account))) repaired += 1
    }
    const theirs = new Set(accounts.map(({ id }) => id))
    for (const { id } of known.filter((it) => it.status !== 'inactive' && !theirs.has(it.id)))
      if (await isGone(id)) repaired += 1
    return repaired
  }

  /** Asked again, since the account may be younger than the page. */
  const isGone = async (id: string): Promise<boolean> => {
    if ((await identity.find(id)) !== null) return false
    await db.transaction((tx) => forgetAccount(tx, id))
    return true
  }

  const findDangling = async (): Promise<string[]> => {
    const dangling: string[] = []
    for (const id of await listUnknownReferences(db)) {
      const account = await identity.find(id)
      if (account === null) dangling.push(id)
      else await keep(account)
    }
    return dangling
  }

  return {
    /** Throws `ServiceUnavailableError` when identity does not answer; what was repaired by then stays. */
    async reconcile(signal?: AbortSignal): Promise<Reconciliation> {
      let [compared, repaired] = [0, 0]
      let after: string | null = null
      for await (const { accounts, isLast } of identity.pages()) {
        signal?.throwIfAborted()
        const end = isLast ? null : (accounts.at(-1)?.id ?? null)
        repaired += await compare(accounts, await listBetween(db, after, end))
        compared += accounts.length
        after = end
      }
      return { compared, repaired, dangling: await findDangling() }
    },
  }
}
