import { z } from 'zod'
import type { Account } from './account.ts'
import { roleField, statusField } from './account-fields.ts'
import type { Person } from './profile-store.ts'

export const accepted = z.object({ message: z.string() }).meta({ id: 'Accepted' })

export const userView = z
  .object({
    id: z.uuid(),
    email: z.string(),
    username: z.string(),
    firstName: z.string().optional(),
    lastName: z.string().optional(),
    role: roleField,
    status: statusField,
    emailVerified: z.boolean(),
    metadata: z.record(z.string(), z.json()),
    version: z.int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    lastLoginAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'User' })

export const meView = userView
  .omit({ metadata: true })
  .extend({
    avatarUrl: z.string().optional(),
    bio: z.string().optional(),
    learningPreferences: z.record(z.string(), z.json()),
    skillLevels: z.record(z.string(), z.json()).describe('A copy; progress decides it'),
    achievements: z.array(z.json()).describe('A copy; progress decides it'),
    statistics: z.record(z.string(), z.json()).describe('A copy; progress decides it'),
  })
  .meta({ id: 'Me' })

export type UserView = z.infer<typeof userView>
export type MeView = z.infer<typeof meView>

/** Absent is absent: no field is null. Lists write many of these, so no object is made on the way to one. */
function commonView(it: Account) {
  const view: Omit<UserView, 'metadata'> = {
    id: it.id,
    email: it.email,
    username: it.username,
    role: it.role,
    status: it.status,
    emailVerified: it.emailVerified,
    version: it.version,
    createdAt: it.createdAt.toISOString(),
    updatedAt: it.updatedAt.toISOString(),
  }
  if (it.firstName !== null) view.firstName = it.firstName
  if (it.lastName !== null) view.lastName = it.lastName
  if (it.lastLoginAt !== null) view.lastLoginAt = it.lastLoginAt.toISOString()
  return view
}

export const toUserView = (it: Account): UserView => Object.assign(commonView(it), { metadata: it.metadata })

export function toMeView(it: Person): MeView {
  const own = {
    learningPreferences: it.learningPreferences,
    skillLevels: it.skillLevels,
    achievements: it.achievements,
    statistics: it.statistics,
    ...(it.avatarUrl !== null && { avatarUrl: it.avatarUrl }),
    ...(it.bio !== null && { bio: it.bio }),
  }
  return { ...commonView(it), ...own }
}
