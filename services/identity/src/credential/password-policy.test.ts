import { describe, expect, test } from 'vitest'
import { passwordProblems } from './password-policy.ts'

const messages = (password: string, names: string[] = []): string[] =>
  passwordProblems(password, names).map((problem) => problem.message)

describe('a password', () => {
  test("of the original's tests is refused for its missing uppercase letter", () => {
    expect(messages('password123')).toEqual(['must contain at least one uppercase letter'])
  })

  test.each([
    ['PASSWORD123', 'must contain at least one lowercase letter'],
    ['Passwordless', 'must contain at least one number'],
    ['Ab1defg', 'must be at least 8 characters long'],
    [`Aa1${'x'.repeat(1022)}`, 'must be at most 1,024 bytes long'],
  ])('like %.20s is refused', (password, message) => {
    expect(messages(password)).toEqual([message])
  })

  test('hears of every rule it breaks at once', () => {
    expect(messages('!!!')).toHaveLength(4)
  })

  test('that everybody uses is refused, whatever its case', () => {
    expect(passwordProblems('Password123', [])).toMatchObject([{ code: 'password_common' }])
  })

  test('equal to the username or the address is refused', () => {
    expect(passwordProblems('Lovelace1815', ['lovelace1815'])).toMatchObject([{ code: 'password_is_name' }])
  })

  test.each([
    ['in any script', 'Ключ-без-дна-7'],
    ['as long as 1,024 bytes', `Aa1${'x'.repeat(1021)}`],
    ['with spaces', 'Seven green bottles 7'],
  ])('%s is fine', (_, password) => {
    expect(messages(password, ['ada'])).toEqual([])
  })
})
