import { expect, test } from 'vitest'
import { chosen, readOptions } from './options.ts'

const parts = [{ name: 'read' }, { name: 'write' }, { name: 'login' }]

test('parts run in their own order, all of them unless some are named', () => {
  expect(chosen(parts, []).map((it) => it.name)).toEqual(['read', 'write', 'login'])
  expect(chosen(parts, ['login', 'read']).map((it) => it.name)).toEqual(['read', 'login'])
})

test('a part that does not exist is named, with those that do', () => {
  expect(() => chosen(parts, ['reads'])).toThrow('no part is called reads: there are read, write, login')
})

test.each([
  ['--rounds', '0'],
  ['--seconds', '2.5'],
  ['--callers', 'many'],
])('%s %s is refused', (option, text) => {
  expect(() => readOptions([option, text])).toThrow(`${option} is a whole number above 0, not "${text}"`)
})

test('--help asks for no run', () => {
  expect(readOptions(['--help'])).toBeNull()
})
