import type { Database, Tx } from '@sandkeep/postgres'
import type { Role } from '@sandkeep/service-kit'
import { discardTokens } from '../credential/one-time-token-store.ts'
import { oweMail } from '../mail/owe-mail.ts'
import type { AnnounceRevocations } from '../session/revocations.ts'
import type { RevocationReason } from '../session/session.ts'
import { revokeAllSessions } from '../session/session-store.ts'
import { type Account, normaliseEmail, type Status } from './account.ts'
import { AccountNotFoundError } from './account-errors.ts'
import { announceRoleChanged, announceStatusChanged, announceUpdated } from './account-events.ts'
import { lockForRights, lockSeen, nameConflict, type Seen, updateLocked } from './account-lock.ts'
import { type AccountChanges, findAccount } from './account-store.ts'

export type EditableFields = Pick<
  AccountChanges,
  'email' | 'username' | 'firstName' | 'lastName' | 'metadata'
>

export interface AccountService {
  get: (id: string) => Promise<Account>
  edit: (seen: Seen, changes: EditableFields) => Promise<Account>
  changeRole: (seen: Seen, role: Role) => Promise<Account>
  changeStatus: (seen: Seen, status: Status) => Promise<Account>
}

export interface AccountParts {
  db: Database
  announceRevocations: AnnounceRevocations
  mailOwed: () => void
}

/** What an account may do, as its access tokens and its status say. */
interface RightsChange {
  takesRights: boolean
  changes: { role: Role } | { status: Status }
  reason: RevocationReason
  isAlready: (account: Account) => boolean
  announce: (tx: Tx, after: Account, before: Account) => Promise<void>
}

export function createAccountService({ db, announceRevocations, mailOwed }: AccountParts): AccountService {
  /** Ends every session, since a token says which role its bearer has. */
  async function changeRights(seen: Seen, it: RightsChange): Promise<Account> {
    const { account, revoked } = await db.transaction(async (tx) => {
      const before = await lockForRights(tx, seen, it.takesRights)
      if (it.isAlready(before)) return { account: before, revoked: [] }
      const account = await updateLocked(tx, before, it.changes)
      await it.announce(tx, account, before)
      return { account, revoked: await revokeAllSessions(tx, account.id, it.reason) }
    })
    await announceRevocations(revoked)
    return account
  }

  return {
    async get(id) {
      const account = await findAccount(db, id)
      if (!account) throw new AccountNotFoundError()
      return account
    },
    async edit(seen, changes) {
      const account = await db.transaction((tx) => editAccount(tx, seen, changes)).catch(nameConflict)
      if (changes.email !== undefined) mailOwed()
      return account
    },
    changeRole: (seen, role) =>
      changeRights(seen, {
        takesRights: role !== 'admin',
        changes: { role },
        reason: 'role_changed',
        isAlready: (account) => account.role === role,
        announce: (tx, after, before) => announceRoleChanged(tx, after, before.role),
      }),
    changeStatus: (seen, status) =>
      changeRights(seen, {
        takesRights: status !== 'active',
        changes: { status },
        reason: 'status_changed',
        isAlready: (account) => account.status === status,
        announce: (tx, after, before) => announceStatusChanged(tx, after, before.status),
      }),
  }
}

async function editAccount(tx: Tx, seen: Seen, { email, ...rest }: EditableFields): Promise<Account> {
  const before = await lockSeen(tx, seen)
  if (email === undefined && Object.keys(rest).length === 0) return before
  const address = email === undefined ? before.email : normaliseEmail(email)
  const moved = address === before.email ? {} : { email: address, emailVerified: false }
  const account = await updateLocked(tx, before, { ...rest, ...moved })
  await announceUpdated(tx, account, Object.keys({ ...rest, ...moved }))
  if (address !== before.email) {
    await discardTokens(tx, account.id)
    await oweMail(tx, account.id, 'verify_email')
  }
  return account
}
