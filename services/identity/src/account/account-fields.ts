import { roles } from '@sandkeep/service-kit'
import { z } from 'zod'
import { normaliseEmail, statuses } from './account.ts'
import { usernamePattern } from './username.ts'

// One address and nothing that a mail header would read as anything else.
const emailPattern = /^[^\s@,;:<>()"\\[\]\p{Cc}]+@[^\s@,;:<>()"\\[\]\p{Cc}]+\.[^\s@,;:<>()"\\[\]\p{Cc}]+$/u

const maxObjectBytes = 16_384

/** Text that PostgreSQL can hold: no NUL and no half of a surrogate pair, also deep inside JSON. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, item]) => isStorable(key) && isStorable(item))
}

const text = (max: number) =>
  z.string().max(max).refine(isStorable, 'must not contain NUL or broken characters')

/** One line as a person types it. */
export const lineField = (max: number) =>
  text(max)
    .regex(/^\P{Cc}*$/u, 'must not contain control characters')
    .trim()

const maxEmailCharacters = 255

export const emailField = text(maxEmailCharacters)
  .trim()
  .regex(emailPattern, 'must be an e-mail address')
  // A letter's lower case may be longer than the letter.
  .refine(
    (email) => normaliseEmail(email).length <= maxEmailCharacters,
    'must be at most 255 characters in lower case',
  )
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

export const nameField = lineField(100).min(1)
export const bioField = text(2000).trim().min(1)

/** A password that somebody already has; the rules for new ones may not keep anybody out. */
export const passwordField = z.string().min(1).max(4096)

export const newPasswordField = z
  .string()
  .max(4096)
  .describe(
    'At least 8 characters with an uppercase letter, a lowercase letter and a number; not a common password',
  )

export const roleField = z.enum(roles)
export const statusField = z.enum(statuses)

/** A JSON object, bounded as a whole. */
export const objectField = z
  .record(z.string(), z.json())
  .refine(isStorable, 'must not contain NUL or broken characters')
  .refine(
    (value) => Buffer.byteLength(JSON.stringify(value)) <= maxObjectBytes,
    'must be at most 16 KiB of JSON',
  )

// Loose: the parsed headers replace the request's, and the others are still needed.
export const ifMatch = z.looseObject({
  'if-match': z.string().optional().describe('The ETag of what was read'),
})

export const idempotencyKey = z.looseObject({
  'idempotency-key': z
    .string()
    .optional()
    .describe('Any text of your own, new for each new request; required'),
})
