import {
  enumFromText,
  type LoginFailure,
  UserRoleSchema,
  UserStatusSchema,
  userEmailVerified,
  userLoginFailed,
  userRegistered,
  userRoleChanged,
  userStatusChanged,
  userUpdated,
} from '@sandkeep/contracts'
import { outbox } from '@sandkeep/messaging'
import type { Tx } from '@sandkeep/postgres'
import type { Role } from '@sandkeep/service-kit'
import type { Account, Status } from './account.ts'

const roleValue = (role: Role) => enumFromText(UserRoleSchema, role)
const statusValue = (status: Status) => enumFromText(UserStatusSchema, status)

/** What every event about an account tells of it. No address and no name of a person. */
const state = (it: Account) => ({
  userId: it.id,
  username: it.username,
  role: roleValue(it.role),
  status: statusValue(it.status),
  emailVerified: it.emailVerified,
})

const about = <T>(it: Account, data: T) => ({ aggregateId: it.id, aggregateVersion: it.version, data })

export const announceRegistered = (tx: Tx, it: Account): Promise<void> =>
  outbox.add(tx, userRegistered, about(it, state(it)))

export const announceUpdated = (tx: Tx, it: Account, changedFields: string[]): Promise<void> =>
  outbox.add(tx, userUpdated, about(it, { ...state(it), changedFields }))

export const announceEmailVerified = (tx: Tx, it: Account): Promise<void> =>
  outbox.add(tx, userEmailVerified, about(it, state(it)))

export const announceRoleChanged = (tx: Tx, it: Account, previous: Role): Promise<void> =>
  outbox.add(tx, userRoleChanged, about(it, { ...state(it), previousRole: roleValue(previous) }))

export const announceStatusChanged = (tx: Tx, it: Account, previous: Status): Promise<void> =>
  outbox.add(tx, userStatusChanged, about(it, { ...state(it), previousStatus: statusValue(previous) }))

export const announceLoginFailed = (tx: Tx, it: Account, reason: LoginFailure): Promise<void> =>
  outbox.add(tx, userLoginFailed, about(it, { userId: it.id, reason }))
