import { step } from './pointer.ts'

const suspicious = /\\u0000|\\ud[89a-f]/

/**
 * Where a text is that not every engine can store: with U+0000 or half a surrogate pair. Null when nowhere.
 * JSON escapes exactly these, so that most documents need no walk.
 */
export function findUnstorable(document: unknown, json: string): string | null {
  return suspicious.test(json) ? find(document, '') : null
}

function find(value: unknown, pointer: string): string | null {
  if (typeof value === 'string') return isStorable(value) ? null : pointer
  if (typeof value !== 'object' || value === null) return null
  for (const [member, inner] of Object.entries(value)) {
    const at = step(pointer, member)
    if (!isStorable(member)) return at
    const found = find(inner, at)
    if (found !== null) return found
  }
  return null
}

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}
