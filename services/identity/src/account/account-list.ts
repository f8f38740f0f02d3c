import { type Query, sql, type Tx } from '@sandkeep/postgres'
import type { Role } from '@sandkeep/service-kit'
import type { Account, Status } from './account.ts'
import { accountColumns } from './account-store.ts'

/** Where a page ended: the order is newest first, and the id tells accounts of one moment apart. */
export interface Position {
  createdAt: string
  id: string
}

export interface AccountFilter {
  role?: Role | undefined
  status?: Status | undefined
  q?: string | undefined
  after?: Position | undefined
  limit: number
}

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, (found) => `\\${found}`)

// Three letters make a trigram anywhere in a word, two only together with the blank before it.
const wordPattern = (word: string): string =>
  word.length < 3 ? `% ${escapeLike(word)}%` : `%${escapeLike(word)}%`

/** Each word has to be part of the username or of a name, in any order; a short one has to be how one begins. */
const wordConditions = (q: string): Query[] =>
  q
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => sql`user_search_text(username, first_name, last_name) like ${wordPattern(word)}`)

function conditions({ role, status, q, after }: AccountFilter): Query[] {
  return [
    ...(role ? [sql`role = ${role}`] : []),
    ...(status ? [sql`status = ${status}`] : []),
    ...(q ? wordConditions(q) : []),
    ...(after ? [sql`(created_at, id) < (${after.createdAt}::timestamptz, ${after.id}::uuid)`] : []),
  ]
}

export function accountListQuery(filter: AccountFilter): Query {
  const all = conditions(filter)
  const where = all.length === 0 ? sql`` : sql`where ${sql.join(all, sql` and `)}`
  return sql`select ${accountColumns} from users ${where} order by created_at desc, id desc limit ${filter.limit}`
}

export const listAccounts = (tx: Tx, filter: AccountFilter): Promise<Account[]> =>
  tx.query<Account>(accountListQuery(filter))
