import { DomainError, type FieldError } from '@sandkeep/service-kit'
import type { PasswordProblem } from '../credential/password-policy.ts'
import type { Status } from './account.ts'
import type { Holding } from './holdings.ts'

const fieldNames: Record<string, string> = {
  '/email': 'E-mail address',
  '/username': 'Username',
  '/password': 'Password',
}

const sentence = ({ pointer, message }: FieldError): string => `${fieldNames[pointer] ?? pointer} ${message}`

/** Values that a rule of the domain refuses, each with its field. */
export class InvalidAccountError extends DomainError {
  override readonly name = 'InvalidAccountError'
  constructor(errors: FieldError[]) {
    super({
      kind: 'invalid',
      code: 'invalid_account',
      message: `${errors.map(sentence).join('. ')}.`,
      errors,
    })
  }
}

/** Throws unless there is nothing to complain about. */
export function refuseInvalid(errors: FieldError[]): void {
  if (errors.length > 0) throw new InvalidAccountError(errors)
}

export const emailTaken: FieldError = {
  pointer: '/email',
  code: 'email_taken',
  message: 'has already been taken',
}

export const usernameTaken: FieldError = {
  pointer: '/username',
  code: 'username_taken',
  message: 'has already been taken',
}

export const usernameReserved: FieldError = {
  pointer: '/username',
  code: 'username_reserved',
  message: 'is reserved; choose another',
}

export const unknownHash: FieldError = {
  pointer: '/passwordHash',
  code: 'password_hash_unsupported',
  message:
    'must be an Argon2, bcrypt, PBKDF2 or scrypt hash as PHC strings, Passlib, Django or Werkzeug write it, at a cost that a login may have',
}

export const passwordErrors = (problems: PasswordProblem[], pointer: string): FieldError[] =>
  problems.map((problem) => ({ pointer, ...problem }))

export class AccountNotFoundError extends DomainError {
  override readonly name = 'AccountNotFoundError'
  constructor() {
    super({ kind: 'not_found', code: 'user_not_found', message: 'There is no such user.' })
  }
}

export class LastAdminError extends DomainError {
  override readonly name = 'LastAdminError'
  constructor() {
    super({
      kind: 'conflict',
      code: 'last_admin',
      message: 'This is the last active administrator. Make somebody else one first.',
    })
  }
}

const notActiveCodes = {
  inactive: 'account_inactive',
  suspended: 'account_suspended',
} as const

export class AccountNotActiveError extends DomainError {
  override readonly name = 'AccountNotActiveError'
  constructor(status: Exclude<Status, 'active'>) {
    super({
      kind: 'forbidden',
      code: notActiveCodes[status],
      message: `This account is ${status}. Ask an administrator to open it again.`,
    })
  }
}

export class EmailNotVerifiedError extends DomainError {
  override readonly name = 'EmailNotVerifiedError'
  constructor() {
    super({
      kind: 'forbidden',
      code: 'email_not_verified',
      message: 'Confirm your e-mail address first: open the link we mailed you, or ask for another one.',
    })
  }
}

export class AccountHoldsError extends DomainError {
  override readonly name = 'AccountHoldsError'
  constructor(holdings: Holding[]) {
    const list = holdings.map(({ owner, kind, count }) => `${count} ${kind} (${owner})`).join(', ')
    super({
      kind: 'conflict',
      code: 'user_has_holdings',
      message: `The user still has ${list}. Delete or hand these over first.`,
      errors: holdings.map(({ owner, kind, count, sample }) => ({
        pointer: '',
        code: 'holding',
        message: `${owner}: ${count} ${kind}, for instance ${sample.join(', ')}`,
      })),
    })
  }
}
