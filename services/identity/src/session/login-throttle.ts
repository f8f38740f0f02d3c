import type { CacheKey, Limit } from '@sandkeep/cache'
import { DomainError } from '@sandkeep/service-kit'
import type { Limiter } from './limiter.ts'
import { type AccountKeys, accountKeys, addressKeys, type FailureKeys, passKey } from './login-keys.ts'

const minute = 60_000

/** After the fifth failure within a minute one waits up to a minute, after the tenth up to a quarter of an hour, … */
const accountSteps: Limit[] = [
  { limit: 4, windowMs: minute },
  { limit: 9, windowMs: 15 * minute },
  { limit: 19, windowMs: 60 * minute },
  { limit: 49, windowMs: 6 * 60 * minute },
]

/** One address may be a whole school's, so it is given more room than one account. */
const addressSteps: Limit[] = [
  { limit: 99, windowMs: 5 * minute },
  { limit: 299, windowMs: 60 * minute },
]

const longestMs = Math.max(...accountSteps.map((step) => step.windowMs))
const passMs = 60 * minute

export interface Attempt {
  /** What was given as login. Known or not makes no difference here. */
  login: string
  address: string
}

export interface PasswordCheck {
  isRight: () => Promise<boolean>
  /** Counts a wrong one, with `failed`. */
  onWrong: () => Promise<unknown>
}

export interface Checked {
  isRight: boolean
  /** Whether there are failures to forget. */
  failedBefore: boolean
}

/** An account is named by all its logins, so that guesses at one count for the other. */
export interface LoginThrottle {
  /** Whether the password is right; while one has to wait, throws TooManyAttemptsError instead of telling. */
  guard: (attempt: Attempt, check: PasswordCheck) => Promise<Checked>
  /** Counts a wrong password. True when the account was attacked long enough to tell its owner. */
  failed: (logins: string[], address: string) => Promise<boolean>
  /** Forgets the failures of an account, after a right password or a new one. */
  forget: (logins: string[]) => Promise<void>
  /** Forgets the failures of an account, and lets this address past its back-off for an hour. */
  unlock: (logins: string[], address: string) => Promise<void>
}

export class TooManyAttemptsError extends DomainError {
  override readonly name = 'TooManyAttemptsError'
  constructor(waitMs: number) {
    super({
      kind: 'limited',
      code: 'too_many_attempts',
      message:
        'Too many failed attempts to sign in. Wait a little, or use the link we mailed to the account.',
      retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
    })
  }
}

const keysOf = (attempt: Attempt) => ({
  address: addressKeys(attempt.address),
  account: accountKeys(attempt.login),
  pass: passKey(attempt),
})
type Keys = ReturnType<typeof keysOf>

/**
 * Failures are counted, not attempts, so that people who share an address do not wait in line. The wait is looked at
 * before a password is checked and again after, whatever was found: a burst of parallel guesses learns no more than
 * a slow one, not even from which of them is refused.
 */
export function createLoginThrottle(limiter: Limiter): LoginThrottle {
  async function remainingMs(wait: CacheKey): Promise<number> {
    const until = await limiter.get(wait)
    return until === null ? 0 : Number(until) - Date.now()
  }

  async function count({ window, wait }: FailureKeys, steps: Limit[]): Promise<number> {
    const taken = await Promise.all(steps.map((step) => limiter.take(window(step.windowMs), step)))
    const waitMs = Math.max(...taken.map((it) => it.retryAfterMs))
    if (waitMs > 0) await limiter.set(wait, String(Date.now() + waitMs), Math.ceil(waitMs))
    return taken.filter((it) => !it.allowed).length
  }

  async function look({ address, account, pass }: Keys): Promise<{ waitMs: number; failedBefore: boolean }> {
    const [byAddress, byAccount, passed, failed] = await Promise.all([
      remainingMs(address.wait),
      remainingMs(account.wait),
      limiter.get(pass),
      limiter.get(account.failed),
    ])
    return { waitMs: Math.max(byAddress, passed === null ? byAccount : 0), failedBefore: failed !== null }
  }

  async function countForAccount(keys: AccountKeys): Promise<number> {
    await limiter.set(keys.failed, '1', longestMs)
    return await count(keys, accountSteps)
  }

  const refuse = (waitMs: number): void => {
    if (waitMs > 0) throw new TooManyAttemptsError(waitMs)
  }

  async function forget(logins: string[]): Promise<void> {
    const keys = logins
      .map(accountKeys)
      .flatMap(({ wait, failed, window }) => [
        wait,
        failed,
        ...accountSteps.map((step) => window(step.windowMs)),
      ])
    await Promise.all(keys.map((key) => limiter.delete(key)))
  }

  return {
    async guard(attempt, { isRight, onWrong }) {
      const keys = keysOf(attempt)
      refuse((await look(keys)).waitMs)
      const right = await isRight()
      const { waitMs, failedBefore } = await look(keys)
      if (!right) await onWrong()
      refuse(waitMs)
      return { isRight: right, failedBefore }
    },
    async failed(logins, address) {
      const [steps] = await Promise.all([
        Promise.all(logins.map((login) => countForAccount(accountKeys(login)))),
        count(addressKeys(address), addressSteps),
      ])
      return Math.max(...steps) >= 2
    },
    forget,
    async unlock(logins, address) {
      await forget(logins)
      await Promise.all(logins.map((login) => limiter.set(passKey({ login, address }), '1', passMs)))
    },
  }
}
