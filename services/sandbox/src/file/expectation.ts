import { HttpError } from '@sandkeep/service-kit'
import type { Expectation } from './file.ts'

interface Conditions {
  'if-match'?: string | undefined
  'if-none-match'?: string | undefined
}

/** What the headers say about the file to be changed; undefined when they say nothing. */
export function expectationOf(headers: Conditions): Expectation | undefined {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers
  if (match !== undefined && noneMatch !== undefined)
    throw refused('if-none-match', 'must not come together with If-Match')
  if (noneMatch !== undefined) {
    if (noneMatch.trim() === '*') return 'absent'
    throw refused('if-none-match', 'must be * on a change: only if there is no such file')
  }
  if (match === undefined) return undefined
  if (match.trim() === '*') return 'any'
  const version = /^"(\d{1,9})"$/.exec(match)?.[1]
  if (version === undefined) throw refused('if-match', 'must look like "3", as the file’s ETag, or be *')
  return { version: Number(version) }
}

/** The version that is expected of a whole sandbox, if one is. */
export function versionOf(expected: Expectation | undefined): number | undefined {
  return typeof expected === 'object' ? expected.version : undefined
}

/** Whether the reader has the entity of this tag already. */
export function isKnown(etag: string, noneMatch: string | undefined): boolean {
  const known = (noneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return known.includes(etag) || known.includes('*')
}

const malformedCodes = {
  'if-match': 'if_match_malformed',
  'if-none-match': 'if_none_match_malformed',
} as const

function refused(header: keyof typeof malformedCodes, message: string): HttpError {
  return new HttpError(400, {
    kind: 'malformed',
    code: malformedCodes[header],
    message: `The header ${header} ${message}.`,
    errors: [{ pointer: `/headers/${header}`, code: 'malformed', message }],
  })
}
