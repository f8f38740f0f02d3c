import type { Cache } from '@sandkeep/cache'
import type { Objects } from '@sandkeep/objects'
import type { Database } from '@sandkeep/postgres'
import type { ServiceCaller, ServiceTarget } from '@sandkeep/service-kit'
import type { Logger } from 'pino'
import { createAccountCreation } from './account/account-creation.ts'
import { createAccountService } from './account/account-service.ts'
import { createDeletion } from './account/deletion-service.ts'
import { createHoldingsQuestion } from './account/holdings.ts'
import { createProfileService } from './account/profile-service.ts'
import { createRegister } from './account/registration-service.ts'
import { createAvatarService } from './avatar/avatar-service.ts'
import { createAddressService } from './credential/address-service.ts'
import type { OneTimeTokens } from './credential/one-time-token.ts'
import { createPasswordHasher } from './credential/password-hasher.ts'
import { createPasswordService } from './credential/password-service.ts'
import { createRequestMail } from './credential/request-mail.ts'
import { deriveKey } from './credential/sealed-token.ts'
import { openKeyRing } from './key/key-ring.ts'
import { createMailLimit } from './mail/mail-limit.ts'
import { createAccessTokenIssuer } from './session/access-token.ts'
import { createLimiter } from './session/limiter.ts'
import { createLoginFailures } from './session/login-failures.ts'
import { createLogin } from './session/login-service.ts'
import { createLoginThrottle } from './session/login-throttle.ts'
import { createRefreshTokens } from './session/refresh-token.ts'
import { createRevocationAnnouncer } from './session/revocations.ts'
import { openRevokedSessions } from './session/revoked-sessions.ts'
import type { SessionLimits } from './session/session.ts'
import { createSessionService } from './session/session-service.ts'
import { createSessionTokens } from './session/session-tokens.ts'

export interface Parts {
  db: Database
  cache: Cache
  objects: Objects
  log: Logger
  stack: AsyncDisposableStack
  /** Every key of the service is derived from it. */
  secret: string
  issuer: string
  limits: SessionLimits
  keyRotationMs: number
  oneTimeTokens: OneTimeTokens
  /** Called when mail is owed and committed. */
  mailOwed: () => void
  askService: ServiceCaller
  holdingOwners: ServiceTarget[]
  /** Answers that must not tell what was found take at least so long, in milliseconds. */
  evenMs: number
}

export type Services = Awaited<ReturnType<typeof createServices>>

/** All that the service can do, in dependency order. */
export async function createServices(parts: Parts) {
  const { db, cache, log, stack, secret, limits, mailOwed } = parts
  const hasher = await createPasswordHasher()
  const limiter = stack.use(await createLimiter(cache, log))
  const mailLimit = createMailLimit(limiter)
  const throttle = createLoginThrottle(limiter)
  const revoked = await openRevokedSessions(db, cache, stack)
  const announceRevocations = createRevocationAnnouncer({ cache, revoked, log })
  const keys = await openKeyRing({
    db,
    log,
    encryptionKey: deriveKey(secret, 'signing keys'),
    rotationMs: parts.keyRotationMs,
  })
  const refreshTokens = createRefreshTokens(deriveKey(secret, 'refresh tokens'))
  const tokens = createSessionTokens(createAccessTokenIssuer(keys, parts.issuer), refreshTokens, limits)
  const failures = createLoginFailures({ db, throttle, limiter, mailOwed })
  const requestMail = createRequestMail({ db, mailLimit, mailOwed })
  const links = { db, tokens: parts.oneTimeTokens, throttle, requestMail }
  const profiles = createProfileService(db)
  const accounts = createAccountService({ db, announceRevocations, mailOwed })
  return {
    keys,
    revoked,
    profiles,
    avatars: createAvatarService(parts.objects, profiles),
    register: createRegister({ db, hasher, mailLimit, mailOwed }),
    creation: createAccountCreation({ db, hasher, mailOwed }),
    addresses: createAddressService(links),
    passwords: createPasswordService({ ...links, hasher, mailOwed, announceRevocations }),
    signIn: createLogin({ db, hasher, throttle, failures, tokens, limits, refusalMs: parts.evenMs }),
    sessions: createSessionService({ db, tokens, refreshTokens, announceRevocations, limits }),
    accounts,
    deleteAccount: createDeletion({
      db,
      accounts,
      askHoldings: createHoldingsQuestion(parts.askService, parts.holdingOwners),
    }),
  }
}
