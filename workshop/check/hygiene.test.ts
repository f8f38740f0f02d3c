import { expect, test } from 'vitest'
import { findDeadLinks } from './links.ts'
import { findMachineNames } from './portable.ts'
import { measureFunctions } from './shape.ts'

const pages = new Map([
  ['README.md', '[a](docs/a.md) [b](docs/a.md#the-heading) [c](docs) [self](#top)\n# Top\n`[code](nowhere)`'],
  ['docs/a.md', '# The heading\n[up](../README.md) [site](https://example.org/x)'],
])
const paths = new Set(['README.md', 'docs', 'docs/a.md'])

test('links to files, folders and headings that exist are right', () => {
  expect(findDeadLinks(pages, paths)).toEqual([])
})

test('a link to a missing file or heading is found', () => {
  const broken = new Map([...pages, ['docs/b.md', '[x](c.md) [y](a.md#no-heading) [z](../a.md)']])
  expect(findDeadLinks(broken, new Set([...paths, 'docs/b.md']))).toEqual([
    'docs/b.md: c.md leads to no file',
    'docs/b.md: a.md#no-heading leads to no heading',
    'docs/b.md: ../a.md leads to no file',
  ])
})

test.each([
  ['const file = "/', 'home', '/alice/data"'],
  ['cd /', 'work', '/project'],
  ['registry=https://npm.', 'registry', '.example.org/'],
  ['"resolved": "http://', 'proxy', '.local:4873/pg.tgz"'],
])('a line that names a machine is found: %s%s%s', (...parts) => {
  expect(findMachineNames('a.ts', parts.join(''))).toHaveLength(1)
})

test.each([
  'fetch("https://registry.npmjs.org/pg")',
  'import { root } from "../work/root.ts"',
  'GET /v1/home/things',
  'the folder ./work/files',
])('a line that names none is left alone: %s', (line) => {
  expect(findMachineNames('a.ts', line)).toEqual([])
})

test('the clone itself is not named', () => {
  expect(findMachineNames('a.ts', 'see /opt/clone/x', ['/opt/clone'])).toEqual(['a.ts:1 names this folder'])
})

test('functions are measured where they stand, nested ones too', () => {
  const text = 'function outer() {\n  return () =>\n    1\n}\nclass A {\n  m() {}\n}\n'
  expect(measureFunctions({ name: 'a.ts', text })).toEqual([
    { name: 'a.ts:1 outer', lines: 4 },
    { name: 'a.ts:2', lines: 2 },
    { name: 'a.ts:6', lines: 1 },
  ])
})
