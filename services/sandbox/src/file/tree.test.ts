import { describe, expect, test } from 'vitest'
import type { FileContent, FileVersion } from './file.ts'
import { fileLimits } from './file.ts'
import { planChanges, planReplacement, type TreeChange, toTree } from './tree.ts'

function content(sha256: string, sizeBytes = 1): FileContent {
  return {
    sha256,
    sizeBytes,
    mediaType: 'text/plain',
    encoding: 'utf-8',
    documentId: `document-${sha256}`,
    objectKey: null,
  }
}

function file(path: string, version = 1, sizeBytes = 1): FileVersion {
  const stored = content(`${path}@${version}`, sizeBytes)
  return {
    ...stored,
    id: `id-${path}`,
    path,
    version,
    createdAt: new Date(0),
    createdBy: null,
    verifiedAt: null,
  }
}

function plan(paths: string[], ...changes: TreeChange[]) {
  const { written, removed, ...totals } = planChanges(toTree(paths.map((path) => file(path))), changes)
  return { written: written.map(({ path }) => path), removed: removed.map(({ path }) => path), ...totals }
}

function put(path: string): TreeChange {
  return { kind: 'put', path, content: content('new', 5), expected: 'any' }
}

function code(value: string) {
  return expect.objectContaining({ code: value })
}

describe('putting', () => {
  test('adds a file and counts it', () => {
    expect(plan(['a'], put('b'))).toMatchObject({ written: ['b'], removed: [], fileCount: 2, totalBytes: 6 })
  })
  test('equal bytes change nothing', () => {
    const same: TreeChange = { kind: 'put', path: 'a', content: content('a@1'), expected: 'any' }
    expect(plan(['a'], same)).toMatchObject({ written: [], removed: [] })
  })
  test.each([
    ['README.md', 'readme.md', 'path_taken_by_twin'],
    ['src/a.erl', 'Src/b.erl', 'path_taken_by_twin'],
    ['src/a/b/c', 'src/A/b/d', 'path_taken_by_twin'],
    ['src', 'src/a.erl', 'path_taken_by_file'],
    ['src/a', 'src/a/b/c', 'path_taken_by_file'],
    ['src/a.erl', 'src', 'path_taken_by_folder'],
  ])('beside %s, %s is refused', (present, path, refusal) => {
    expect(() => plan([present], put(path))).toThrow(code(refusal))
  })
  test('two twins in one batch are refused', () => {
    expect(() => plan([], put('a'), put('A'))).toThrow(code('path_taken_by_twin'))
  })
  test('an existing file needs its version, and the right one', () => {
    const change = { kind: 'put', path: 'a', content: content('new') } as const
    expect(() => plan(['a'], change)).toThrow(code('precondition_required'))
    expect(() => plan(['a'], { ...change, expected: { version: 2 } })).toThrow(code('stale_version'))
    expect(() => plan(['a'], { ...change, expected: 'absent' })).toThrow(code('file_exists'))
    expect(() => plan([], { ...change, expected: { version: 1 } })).toThrow(code('stale_version'))
    expect(plan(['a'], { ...change, expected: { version: 1 } }).written).toEqual(['a'])
    expect(plan([], change).written).toEqual(['a'])
  })
})

describe('deleting', () => {
  test('makes room for a file named as a folder was', () => {
    expect(plan(['a/b'], { kind: 'delete', path: 'a/b', expected: 'any' }, put('a'))).toMatchObject({
      written: ['a'],
      removed: ['a/b'],
      fileCount: 1,
    })
  })
  test('what is not there is not found', () => {
    expect(() => plan(['a'], { kind: 'delete', path: 'A', expected: 'any' })).toThrow(code('file_not_found'))
  })
})

describe('moving', () => {
  test('a folder takes all below it along', () => {
    const moved = plan(['src/a', 'src/b/c', 'srcs'], { kind: 'move', from: 'src', to: 'lib' })
    expect(moved).toMatchObject({
      written: ['lib/a', 'lib/b/c'],
      removed: ['src/a', 'src/b/c'],
      fileCount: 3,
    })
  })
  test('can change only the case', () => {
    const moved = plan(['Readme'], { kind: 'move', from: 'Readme', to: 'README', expected: 'any' })
    expect(moved).toMatchObject({ written: ['README'], removed: ['Readme'], fileCount: 1 })
  })
  test('never overwrites', () => {
    expect(() => plan(['a', 'b'], { kind: 'move', from: 'a', to: 'b', expected: 'any' })).toThrow(
      code('file_exists'),
    )
  })
  test('can go below itself', () => {
    expect(plan(['a'], { kind: 'move', from: 'a', to: 'a/b', expected: 'any' }).written).toEqual(['a/b'])
  })
})

describe('the whole tree', () => {
  test('replaced: what is equal stays, what is missing goes', () => {
    const tree = toTree([file('a'), file('b')])
    const next = planReplacement(tree, [
      { path: 'a', content: content('a@1') },
      { path: 'c', content: content('c') },
    ])
    expect(next.written.map(({ path }) => path)).toEqual(['c'])
    expect(next.removed.map(({ path }) => path)).toEqual(['b'])
  })
  test('has at most so many files and bytes', () => {
    const many = Array.from({ length: fileLimits.maxFiles }, (_, index) => `f${index}`)
    expect(() => plan(many, put('one-more'))).toThrow(code('quota_exceeded'))
    const big = toTree([file('big', 1, fileLimits.maxTotalBytes - 4)])
    expect(() => planChanges(big, [put('b')])).toThrow(code('quota_exceeded'))
  })
})
