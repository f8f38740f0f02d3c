import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffTrees } from './tree-diff.ts'

function tree(files: Record<string, string>) {
  return Object.entries(files).map(([path, sha256]) => ({ path, sha256 }))
}

describe('the difference of two trees', () => {
  test('is empty for equal trees', () => {
    expect(diffTrees(tree({ a: '1', b: '2' }), tree({ b: '2', a: '1' }))).toEqual([])
  })
  test('tells added, removed, modified and moved files apart', () => {
    const changes = diffTrees(tree({ a: '1', b: '2', c: '3' }), tree({ a: '9', d: '3', e: '5' }))
    expect(changes.map(({ path, change }) => [path, change])).toEqual([
      ['a', 'modified'],
      ['b', 'removed'],
      ['d', 'moved'],
      ['e', 'added'],
    ])
  })
  test('applied to the first tree, gives the second', () => {
    const files = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.constantFrom('1', '2', '3'))
    fc.assert(
      fc.property(files, files, (left, right) => {
        const result: Record<string, string> = { ...left }
        const changes = diffTrees(tree(left), tree(right))
        for (const change of changes) if ('from' in change) delete result[change.from.path]
        for (const change of changes) if ('to' in change) result[change.to.path] = change.to.sha256
        expect(result).toEqual({ ...right })
      }),
    )
  })
})
