import { isCommonPassword } from './common-passwords.ts'

export interface PasswordProblem {
  code: string
  message: string
}

interface Rule extends PasswordProblem {
  holds: (password: string) => boolean
}

const minCharacters = 8
const maxPasswordBytes = 1024

const rules: Rule[] = [
  {
    code: 'password_too_short',
    message: `must be at least ${minCharacters} characters long`,
    holds: (password) => [...password].length >= minCharacters,
  },
  {
    code: 'password_too_long',
    message: 'must be at most 1,024 bytes long',
    holds: (password) => Buffer.byteLength(password) <= maxPasswordBytes,
  },
  {
    code: 'password_no_uppercase',
    message: 'must contain at least one uppercase letter',
    holds: (password) => /\p{Lu}/u.test(password),
  },
  {
    code: 'password_no_lowercase',
    message: 'must contain at least one lowercase letter',
    holds: (password) => /\p{Ll}/u.test(password),
  },
  {
    code: 'password_no_number',
    message: 'must contain at least one number',
    holds: (password) => /\p{Nd}/u.test(password),
  },
]

const common: PasswordProblem = {
  code: 'password_common',
  message: 'is one of the most used passwords and the first to be guessed; choose another',
}

const ownName: PasswordProblem = {
  code: 'password_is_name',
  message: 'must not be the username or the e-mail address',
}

/** What is wrong with a new password, in the order of the rules; empty when it is fine. `names` are the account's own. */
export function passwordProblems(password: string, names: string[]): PasswordProblem[] {
  const broken = rules.filter((rule) => !rule.holds(password)).map(({ code, message }) => ({ code, message }))
  if (broken.length > 0) return broken
  if (isCommonPassword(password)) return [common]
  const folded = password.toLowerCase()
  return names.some((name) => name.toLowerCase() === folded) ? [ownName] : []
}
