import { PathRuleError } from './file-errors.ts'

const maxPathBytes = 1024
const maxSegmentBytes = 255
const maxDepth = 32

const deviceNames = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/
const reservedCharacters = /[<>:"|?*]/
const controls = /\p{Cc}|\p{Zl}|\p{Zp}/u
const invisible = /\p{Default_Ignorable_Code_Point}|\p{Cf}|\p{Co}|\p{Cn}/u

interface Rule {
  code: string
  message: string
  broken: (text: string) => boolean
}

const pathRules: Rule[] = [
  { code: 'empty', message: 'must not be empty', broken: (path) => path === '' },
  { code: 'not_unicode', message: 'must be well-formed Unicode', broken: (path) => !path.isWellFormed() },
  { code: 'absolute', message: 'must not start with a slash', broken: (path) => path.startsWith('/') },
  {
    code: 'backslash',
    message: 'must separate folders by /, not by \\',
    broken: (path) => path.includes('\\'),
  },
  {
    code: 'control_character',
    message: 'must not hold control characters',
    broken: (path) => controls.test(path),
  },
  {
    code: 'invisible_character',
    message: 'must not hold invisible characters',
    broken: (path) => invisible.test(path),
  },
  {
    code: 'reserved_character',
    message: 'must not hold any of < > : " | ? *, which not every system can store',
    broken: (path) => reservedCharacters.test(path),
  },
  {
    code: 'too_long',
    message: `must be at most ${maxPathBytes} bytes long`,
    broken: (path) => Buffer.byteLength(path) > maxPathBytes,
  },
  {
    code: 'too_deep',
    message: `must have at most ${maxDepth} segments`,
    broken: (path) => path.split('/').length > maxDepth,
  },
]

const segmentRules: Rule[] = [
  { code: 'empty_segment', message: 'must not have an empty segment', broken: (segment) => segment === '' },
  {
    code: 'traversal',
    message: 'must not have . or .. as a segment',
    broken: (segment) => /^\.\.?$/.test(segment),
  },
  {
    code: 'segment_too_long',
    message: `must have segments of at most ${maxSegmentBytes} bytes`,
    broken: (segment) => Buffer.byteLength(segment) > maxSegmentBytes,
  },
  {
    code: 'trailing_dot_or_space',
    message: 'must not have a segment that starts with a space or ends in a dot or space',
    broken: (segment) => /^\s|[.\s]$/.test(segment),
  },
  {
    code: 'reserved_name',
    message: 'must not have a segment named as a device (nul, con, com1, …) or .git',
    broken: (segment) => isReservedName(fold(segment)),
  },
]

/** The path in its one spelling (NFC); refused with the first rule that it breaks. */
export function parsePath(text: string, pointer = '/path'): string {
  const path = text.normalize('NFC')
  const broken =
    pathRules.find((rule) => rule.broken(path)) ??
    segmentRules.find((rule) => path.split('/').some((segment) => rule.broken(segment)))
  if (broken !== undefined) throw new PathRuleError(pointer, broken.code, broken.message)
  return path
}

/** Equal for paths that some system takes for one: by case, or by Unicode compatibility. */
export function fold(path: string): string {
  return path.split('/').map(foldSegment).join('/')
}

// Compatibility turns some characters into slashes; the key keeps the segments of the path.
function foldSegment(segment: string): string {
  return segment.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC').replaceAll('/', '\u2215')
}

/** The folders above a path, outermost first: `a/b/c` gives `a` and `a/b`. */
export function foldersOf(path: string): string[] {
  const segments = path.split('/')
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'))
}

export function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`)
}

function isReservedName(folded: string): boolean {
  return deviceNames.test(folded) || folded === '.git' || folded === 'git~1'
}
