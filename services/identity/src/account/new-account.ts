import { newId } from '@sandkeep/postgres'
import type { Role } from '@sandkeep/service-kit'
import { type JsonObject, normaliseEmail, type Status } from './account.ts'
import type { NewAccount } from './account-store.ts'

/** What an account may begin with. */
export interface AccountFacts {
  email: string
  username: string
  firstName?: string | undefined
  lastName?: string | undefined
  role?: Role | undefined
  status?: Status | undefined
  emailVerified?: boolean | undefined
  metadata?: JsonObject | undefined
}

export const newAccount = (it: AccountFacts, passwordHash: string): NewAccount => ({
  id: newId(),
  email: normaliseEmail(it.email),
  username: it.username,
  passwordHash,
  firstName: it.firstName ?? null,
  lastName: it.lastName ?? null,
  role: it.role ?? 'student',
  status: it.status ?? 'active',
  emailVerified: it.emailVerified ?? false,
  metadata: it.metadata ?? {},
})
