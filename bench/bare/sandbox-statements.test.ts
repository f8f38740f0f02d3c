import { expect, test } from 'vitest'
import { createSandboxSql, creationStatements, findAnswerSql } from './sandbox-statements.ts'

const words = (text: string) => text.replaceAll(/\(\(.*?\)\)|'[^']*'|\$\d+/g, '').match(/[a-z_]{3,}/g) ?? []

test('pgbench is given the statements of the bare route, every parameter filled in', () => {
  const [find = '', create = ''] = creationStatements()
  expect(find + create).not.toMatch(/\$\d/)
  expect(find + create).not.toContain('undefined')
  expect(words(create)).toEqual(expect.arrayContaining(words(createSandboxSql)))
  expect(words(find)).toEqual(expect.arrayContaining(words(findAnswerSql)))
})
