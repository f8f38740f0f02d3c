import { z } from 'zod'

/** Text that PostgreSQL can hold: no NUL and no half of a surrogate pair, also deep inside JSON. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, item]) => isStorable(key) && isStorable(item))
}

const storable = 'must not contain NUL or broken characters'

/** Text of any number of lines. */
export const textField = (max: number) => z.string().max(max).refine(isStorable, storable)

/** One line as a person types it. */
export const lineField = (max: number) =>
  textField(max)
    .trim()
    .min(1)
    .regex(/^\P{Cc}*$/u, 'must not contain control characters')

const maxObjectBytes = 65_536

/** A JSON object, bounded as a whole. */
export const objectField = z
  .record(z.string().max(200), z.json())
  .refine(isStorable, storable)
  .refine(
    (value) => Buffer.byteLength(JSON.stringify(value)) <= maxObjectBytes,
    'must be at most 64 KiB of JSON',
  )
