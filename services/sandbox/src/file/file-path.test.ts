import { DomainError } from '@sandkeep/service-kit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold, foldersOf, parsePath } from './file-path.ts'

function ruleOf(path: string): string | undefined {
  try {
    parsePath(path)
  } catch (error) {
    if (error instanceof DomainError) return error.errors?.[0]?.code
    throw error
  }
  return undefined
}

describe('a path', () => {
  test.each([
    ['', 'empty'],
    ['/etc/passwd', 'absolute'],
    ['C:\\x', 'backslash'],
    ['a\u0000b', 'control_character'],
    ['a\nb', 'control_character'],
    ['a\u2028b', 'control_character'],
    ['a\u200Bb', 'invisible_character'],
    ['a\u202Eb', 'invisible_character'],
    ['c:x', 'reserved_character'],
    ['what?.ex', 'reserved_character'],
    ['\uD800', 'not_unicode'],
    ['a//b', 'empty_segment'],
    ['a/', 'empty_segment'],
    ['..', 'traversal'],
    ['a/../b', 'traversal'],
    ['./a', 'traversal'],
    ['a/nul', 'reserved_name'],
    ['NUL.txt', 'reserved_name'],
    ['com1.tar.gz', 'reserved_name'],
    ['LPT¹', 'reserved_name'],
    ['.git/config', 'reserved_name'],
    ['a/.GIT/hooks/pre-commit', 'reserved_name'],
    ['a./b', 'trailing_dot_or_space'],
    ['a /b', 'trailing_dot_or_space'],
    [' a', 'trailing_dot_or_space'],
    [`${'é'.repeat(128)}`, 'segment_too_long'],
    [Array.from({ length: 33 }, () => 'a').join('/'), 'too_deep'],
    [Array.from({ length: 6 }, () => 'a'.repeat(200)).join('/'), 'too_long'],
  ])('%j is refused by the rule %s', (path, rule) => {
    expect(ruleOf(path)).toBe(rule)
  })

  test.each([
    'mix.exs',
    '.formatter.exs',
    '.gitignore',
    'lib/my app.ex',
    'src/naïve.erl',
    'コンパス/α.ex',
    'console.ex',
    'a..b',
    'con-1',
  ])('%j is allowed', (path) => {
    expect(parsePath(path)).toBe(path)
  })

  test('a segment of exactly 255 bytes and a path of exactly 1,024 bytes are allowed', () => {
    const path = [...Array.from({ length: 4 }, () => 'a'.repeat(204)), 'b'.repeat(204)].join('/')
    expect(Buffer.byteLength(path)).toBe(1024)
    expect(ruleOf(path)).toBeUndefined()
    expect(ruleOf('a'.repeat(255))).toBeUndefined()
    expect(ruleOf('a'.repeat(256))).toBe('segment_too_long')
  })

  test('a decomposed path becomes composed', () => {
    expect(parsePath('cafe\u0301.ex')).toBe('café.ex')
  })

  test('the error names the rule and the field', () => {
    expect(() => parsePath('a/../b', '/to')).toThrow(
      expect.objectContaining({
        code: 'invalid_path',
        errors: [{ pointer: '/to', code: 'traversal', message: 'must not have . or .. as a segment' }],
      }),
    )
  })

  test('an accepted path stays as it is when read again, and never leaves its folder', () => {
    const segment = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 5 }), (segments) => {
        const path = segments.join('/')
        if (ruleOf(path) !== undefined) return
        const parsed = parsePath(path)
        expect(parsePath(parsed)).toBe(parsed)
        expect(
          new URL(`file:///root/${parsed.split('/').map(encodeURIComponent).join('/')}`).pathname,
        ).toMatch(/^\/root\//)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('folding', () => {
  test.each([
    ['README.md', 'readme.MD'],
    ['straße', 'STRASSE'],
    ['ﬁle', 'file'],
    ['Ｆile', 'file'],
    ['K', 'k'],
    ['ς', 'σ'],
  ])('%s and %s are twins', (left, right) => {
    expect(fold(left)).toBe(fold(right))
  })

  test('keeps the segments, also where compatibility makes a slash', () => {
    expect(fold('a／b').split('/')).toHaveLength(1)
    expect(fold('℀').split('/')).toHaveLength(1)
  })

  test('knows the folders above a path', () => {
    expect(foldersOf('a/b/c')).toEqual(['a', 'a/b'])
    expect(foldersOf('a')).toEqual([])
  })
})
