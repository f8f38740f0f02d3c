import type { JsonValue } from '@sandkeep/contracts'
import type { Role } from '@sandkeep/service-kit'

export const statuses = ['active', 'inactive', 'suspended'] as const

export type Status = (typeof statuses)[number]

export type JsonObject = { [key: string]: JsonValue }

export interface Account {
  id: string
  email: string
  username: string
  firstName: string | null
  lastName: string | null
  role: Role
  status: Status
  emailVerified: boolean
  version: number
  createdAt: Date
  updatedAt: Date
  lastLoginAt: Date | null
  metadata: JsonObject
}

export interface Profile {
  avatarUrl: string | null
  bio: string | null
  learningPreferences: JsonObject
  skillLevels: JsonObject
  achievements: JsonValue[]
  statistics: JsonObject
}

/** The form in which an address is stored, compared and mailed. */
export const normaliseEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase()

/** The form in which usernames are compared; the stored one keeps its case. */
export const usernameKey = (username: string): string => username.toLowerCase()

/** What the person of an account may sign in with. */
export const loginsOf = ({ email, username }: Pick<Account, 'email' | 'username'>): string[] => [
  email,
  username,
]

/** A username holds no @, so a login that does is an address. */
export const isEmail = (login: string): boolean => login.includes('@')
