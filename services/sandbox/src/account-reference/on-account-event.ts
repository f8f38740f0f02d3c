import {
  type EventContract,
  enumToText,
  type UserRole,
  UserRoleSchema,
  type UserStatus,
  UserStatusSchema,
} from '@sandkeep/contracts'
import { type Handler, handle, PermanentError } from '@sandkeep/messaging'
import { isAccountStatus, isRole } from './account.ts'
import { keepAccount } from './keep-account.ts'

/** The public state that every event about an account carries. */
interface AccountState {
  userId: string
  username: string
  role: UserRole
  status: UserStatus
}

/** Keeps the newest of what identity says; an account that is no longer active takes its sandboxes with it. */
export const onAccountEvent = <T extends AccountState>(contract: EventContract<T>): Handler =>
  handle(contract, async ({ event, tx, log }) => {
    const { userId: id, username, ...state } = event.data
    const role = enumToText(UserRoleSchema, state.role)
    const status = enumToText(UserStatusSchema, state.status)
    if (!isRole(role) || !isAccountStatus(status))
      throw new PermanentError(`unknown role or status of account ${id}`)
    const { suspended } = await keepAccount(tx, { id, username, role, status, version: event.sequence })
    if (suspended > 0) log.info({ ownerId: id, suspended }, 'sandboxes suspended with their account')
  })
