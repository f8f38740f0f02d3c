import { roles } from '@sandkeep/service-kit'
import { z } from 'zod'
import { type Account, statuses } from './account.ts'
import type { Person } from './profile-store.ts'
import { usernamePattern } from './username.ts'

// One address and nothing that a mail header would read as anything else.
const emailPattern = /^[^\s@,;:<>()"\\[\]]+@[^\s@,;:<>()"\\[\]]+\.[^\s@,;:<>()"\\[\]]+$/

const maxObjectBytes = 16_384

const plainText = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^\P{Cc}*$/u, 'must not contain control characters')

export const emailField = z
  .string()
  .trim()
  .max(255)
  .regex(emailPattern, 'must be an e-mail address')
  .describe('Compared and kept in lower case')

export const usernameField = z
  .string()
  .min(3)
  .max(50)
  .regex(
    usernamePattern,
    'must start with a letter or digit and hold only letters, digits, dots, hyphens and underscores',
  )
  .describe('Public; compared without regard to case')

export const nameField = plainText(100).min(1)
export const bioField = z.string().trim().min(1).max(2000)

export const newPasswordField = z
  .string()
  .max(4096)
  .describe(
    'At least 8 characters with an uppercase letter, a lowercase letter and a number; not a common password',
  )

// Loose: the parsed headers replace the request's, and the others are still needed.
export const ifMatch = z.looseObject({
  'if-match': z.string().optional().describe('The ETag of what was read'),
})

export const accepted = z.object({ message: z.string() }).meta({ id: 'Accepted' })

export const roleField = z.enum(roles)
export const statusField = z.enum(statuses)

/** A JSON object, bounded as a whole. */
export const objectField = z
  .record(z.string().max(100), z.json())
  .refine(
    (value) => Buffer.byteLength(JSON.stringify(value)) <= maxObjectBytes,
    'must be at most 16 KiB of JSON',
  )

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
