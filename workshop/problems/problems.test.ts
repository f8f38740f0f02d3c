import { expect, test } from 'vitest'
import { findProblems } from './find-problems.ts'
import { problemsPage } from './page.ts'
import { type Declaration, register } from './registry.ts'

const noteLocked = `
  /** Somebody else is
   * writing. */
  export class NoteLockedError extends DomainError {
    constructor(note: Note) {
      super({ kind: 'conflict', code: 'note_locked', message: \`Note \${note.id} is locked. Wait.\` })
    }
  }`

test('a declared code is found with its status, its sentence and its docstring', () => {
  expect(findProblems('a.ts', noteLocked)).toEqual({
    declared: [
      {
        code: 'note_locked',
        status: 409,
        message: 'Note <id> is locked. Wait.',
        about: 'Somebody else is writing.',
      },
    ],
    faults: [],
  })
})

test('a status that is given beside the facts is the status of the code', () => {
  const text = `new HttpError(415, { kind: 'malformed', code: 'not_taken', message: 'No.' })`
  expect(findProblems('a.ts', text).declared).toMatchObject([{ code: 'not_taken', status: 415 }])
})

test('every code of a table is found', () => {
  const text = `const codes = { a: 'note_a', b: 'note_b' } as const
    new DomainError({ kind: 'invalid', code: codes[which], message })`
  expect(findProblems('a.ts', text).declared.map((it) => it.code)).toEqual(['note_a', 'note_b'])
})

test('a code that is put together is a fault, since nobody could look it up', () => {
  const text = `new DomainError({ kind: 'invalid', code: \`note_\${which}\`, message: 'No.' })`
  expect(findProblems('a.ts', text).faults).toEqual(['a.ts:1: write each code out, so that it can be found'])
})

test('an error of a field is no problem of its own', () => {
  expect(findProblems('a.ts', `const e = { pointer: '/a', code: 'taken', message: 'is taken' }`)).toEqual({
    declared: [],
    faults: [],
  })
})

const declared = (facts: Partial<Declaration>): Declaration => ({
  code: 'note_locked',
  status: 409,
  from: 'notes',
  message: 'It is locked.',
  ...facts,
})

test('a code with two statuses is a fault', () => {
  const { faults } = register([declared({}), declared({ status: 412 })])
  expect(faults).toEqual(['note_locked: one code has one status, not 409, 412'])
})

test('a code that says nothing of itself is a fault', () => {
  const { message, ...silent } = declared({})
  expect(register([silent]).faults).toEqual(['note_locked: give its error class a docstring'])
})

test('what several services declare is one entry under its own heading', () => {
  const { problems } = register([declared({}), declared({ from: 'books', message: 'It is lent.' })])
  const page = problemsPage(problems)
  expect(page).toContain('### note_locked\n\n> It is locked.\n>\n> It is lent.\n\nFrom: books, notes.')
  expect(page).toContain('## 409 In conflict with the present state\n\nRead the present state')
})
