import { step } from './pointer.ts'

/** What one look at every value of a document tells. */
export interface Survey {
  /** Whether it comes back from its JSON as it is; `undefined`, NaN, -0 and instances of classes do not. */
  isJson: boolean
  /** Whether a name starts with `_`, `$` or `~`. */
  hasOddNames: boolean
  /** How many bytes its JSON has at most. */
  mostJsonBytes: number
  /** How many bytes it has as BSON, the format of MongoDB, at most. */
  bsonBytes: number
  /** How deep it is nested; it is not looked at below the deepest level allowed. */
  levels: number
  /** Where a text is that not every engine can store: with U+0000 or half a surrogate pair. */
  unstorable: string | null
}

/** As JSON; with what stands around a value. */
const longestNumber = 25

export function survey(document: object, maxLevels: number): Survey {
  const found: Survey = {
    isJson: true,
    hasOddNames: false,
    mostJsonBytes: 0,
    bsonBytes: 0,
    levels: 0,
    unstorable: null,
  }
  look(document, 1)
  if (found.unstorable !== null) found.unstorable = pointerTo(document, '') ?? ''
  return found

  function look(value: unknown, level: number): void {
    found.mostJsonBytes += longestNumber
    found.bsonBytes += 8
    if (typeof value === 'string') lookAtText(value)
    else if (typeof value === 'object' && value !== null) lookInto(value, level)
    else if (!isJsonScalar(value)) found.isJson = false
  }

  function lookAtText(text: string): void {
    // Each character takes six when it is escaped.
    found.mostJsonBytes += 6 * text.length
    found.bsonBytes += Buffer.byteLength(text)
    if (!isStorable(text)) found.unstorable = ''
  }

  function lookInto(value: object, level: number): void {
    found.levels = Math.max(found.levels, level)
    if (level > maxLevels) return
    const isArray = Array.isArray(value)
    if (!isArray && Object.getPrototypeOf(value) !== Object.prototype) found.isJson = false
    for (const [member, inner] of Object.entries(value)) {
      found.bsonBytes += 2
      if (isArray) found.bsonBytes += member.length
      else lookAtName(member)
      look(inner, level + 1)
    }
  }

  function lookAtName(name: string): void {
    lookAtText(name)
    if (isOdd(name)) found.hasOddNames = true
  }
}

const isJsonScalar = (value: unknown) =>
  value === null ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0))

const isOdd = (name: string) => name.startsWith('_') || name.startsWith('$') || name.startsWith('~')

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

function pointerTo(value: unknown, pointer: string): string | null {
  if (typeof value === 'string') return isStorable(value) ? null : pointer
  if (typeof value !== 'object' || value === null) return null
  for (const [member, inner] of Object.entries(value)) {
    const at = step(pointer, member)
    if (!isStorable(member)) return at
    const found = pointerTo(inner, at)
    if (found !== null) return found
  }
  return null
}
