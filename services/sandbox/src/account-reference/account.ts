import type { Role } from '@sandkeep/service-kit'

export const accountStatuses = ['active', 'inactive', 'suspended'] as const
export type AccountStatus = (typeof accountStatuses)[number]

/** What this service knows of a person: a copy of identity's facts, as new as `version`. */
export interface Account {
  id: string
  username: string | null
  role: Role
  status: AccountStatus
  version: number
}

const roles: readonly Role[] = ['student', 'instructor', 'admin']

export function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value)
}

export function isAccountStatus(value: unknown): value is AccountStatus {
  return accountStatuses.some((status) => status === value)
}
