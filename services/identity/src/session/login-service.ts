import { type Database, newId } from '@sandkeep/postgres'
import { type Account, loginsOf } from '../account/account.ts'
import { AccountNotActiveError, EmailNotVerifiedError } from '../account/account-errors.ts'
import { type Credentials, findCredentials } from '../account/account-store.ts'
import { atLeast } from '../at-least.ts'
import { needsRehash } from '../credential/password-hash.ts'
import type { PasswordHasher } from '../credential/password-hasher.ts'
import type { LoginFailures } from './login-failures.ts'
import { type Attempt, type LoginThrottle, TooManyAttemptsError } from './login-throttle.ts'
import { networkOf } from './network.ts'
import { openSession } from './open-session.ts'
import type { SessionLimits } from './session.ts'
import { InvalidCredentialsError } from './session-errors.ts'
import type { NewSession } from './session-store.ts'
import type { SessionTokens, Tokens } from './session-tokens.ts'

export interface Login {
  login: string
  password: string
}

export interface Device {
  address: string
  userAgent: string | null
}

export interface SignedIn extends Tokens {
  account: Account
}

export type SignIn = (it: Login, device: Device) => Promise<SignedIn>

export interface LoginParts {
  db: Database
  hasher: PasswordHasher
  throttle: LoginThrottle
  failures: LoginFailures
  tokens: SessionTokens
  limits: SessionLimits
  /** No refusal leaves sooner than this, whatever was found. */
  refusalMs: number
}

interface Verified extends Credentials {
  failedBefore: boolean
}

export function createLogin(parts: LoginParts): SignIn {
  const { db, hasher, throttle, failures } = parts

  async function authenticate({ login, password }: Login, attempt: Attempt): Promise<Verified> {
    const found = await findCredentials(db, login)
    const { isRight, failedBefore } = await throttle.guard(attempt, {
      isRight: () => hasher.verify(password, found?.passwordHash ?? null),
      onWrong: () => failures.wrongPassword(attempt, found?.account ?? null),
    })
    if (!found || !isRight) throw new InvalidCredentialsError()
    return { ...found, failedBefore }
  }

  async function refuseUnlessUsable(account: Account): Promise<void> {
    if (account.status === 'active' && account.emailVerified) return
    await failures.refused(account)
    throw account.status === 'active'
      ? new EmailNotVerifiedError()
      : new AccountNotActiveError(account.status)
  }

  /** Null when the account changed while its password was being checked. */
  async function open(it: Login, attempt: Attempt, session: NewSession): Promise<Account | null> {
    const { account, passwordHash, failedBefore } = await authenticate(it, attempt)
    await refuseUnlessUsable(account)
    const nextHash = needsRehash(passwordHash) ? await hasher.hash(it.password) : null
    const opened = await openSession(db, { account, session, passwordHash, nextHash })
    if (opened && failedBefore) await throttle.forget(loginsOf(opened))
    return opened
  }

  async function signIn(it: Login, device: Device): Promise<SignedIn> {
    const attempt = { login: it.login, address: device.address }
    const session = {
      id: newId(),
      userAgent: device.userAgent?.slice(0, 255) ?? null,
      network: networkOf(device.address),
      expiresAt: new Date(Date.now() + parts.limits.absoluteMs),
    }
    // Of the first logins of an imported account at once, one replaces the hash: the others look again.
    const opened = (await open(it, attempt, session)) ?? (await open(it, attempt, session))
    if (!opened) throw new InvalidCredentialsError()
    const claims = { userId: opened.id, sessionId: session.id, role: opened.role }
    return {
      account: opened,
      ...parts.tokens.issue(claims, { counter: 0, lastUsedAt: new Date(), ...session }),
    }
  }

  async function refuse(error: unknown, attempt: Attempt): Promise<never> {
    if (error instanceof TooManyAttemptsError) await failures.backedOff(attempt)
    throw error
  }

  return async (it, device) => {
    const attempt = { login: it.login, address: device.address }
    const started = performance.now()
    try {
      return await signIn(it, device)
    } catch (error) {
      return await atLeast(parts.refusalMs - (performance.now() - started), refuse(error, attempt))
    }
  }
}
