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

/** Absent is absent: no field is null. */
const optional = <K extends string>(key: K, value: string | null): { [P in K]?: string } =>
  value === null ? {} : ({ [key]: value } as { [P in K]: string })

const commonView = (it: Account) => ({
  id: it.id,
  email: it.email,
  username: it.username,
  ...optional('firstName', it.firstName),
  ...optional('lastName', it.lastName),
  role: it.role,
  status: it.status,
  emailVerified: it.emailVerified,
  version: it.version,
  createdAt: it.createdAt.toISOString(),
  updatedAt: it.updatedAt.toISOString(),
  ...optional('lastLoginAt', it.lastLoginAt?.toISOString() ?? null),
})

export const toUserView = (it: Account): UserView => ({ ...commonView(it), metadata: it.metadata })

export const toMeView = (it: Person): MeView => ({
  ...commonView(it),
  ...optional('avatarUrl', it.avatarUrl),
  ...optional('bio', it.bio),
  learningPreferences: it.learningPreferences,
  skillLevels: it.skillLevels,
  achievements: it.achievements,
  statistics: it.statistics,
})
