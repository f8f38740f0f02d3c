import { openCache } from '@sandkeep/cache'
import { type Bus, joinBus, openFoundation } from '@sandkeep/messaging'
import { openObjects } from '@sandkeep/objects'
import {
  createApp,
  createServiceCaller,
  createServiceTokens,
  createTokenVerifier,
  type Host,
  Secret,
  type Service,
  schedule,
} from '@sandkeep/service-kit'
import type { AccountCreation } from './account/account-creation.ts'
import { makeFirstAccounts } from './account/first-accounts.ts'
import { authorization } from './authorization.ts'
import type { Config } from './config.ts'
import { createOneTimeTokens } from './credential/one-time-token.ts'
import { deriveKey } from './credential/sealed-token.ts'
import { startMailWorker } from './mail/mail-worker.ts'
import { openMailer } from './mail/open-mailer.ts'
import { migrations } from './migrations.ts'
import { openPrisma } from './prisma.ts'
import { routes } from './routes.ts'
import { createServices } from './services.ts'
import { createRefreshCookie } from './session/refresh-cookie.ts'
import { tasks } from './tasks.ts'

const name = 'identity'
const dayMs = 86_400_000
// Longer than the work takes whose outcome it hides: a hash and a commit.
const evenMs = 150

export interface Identity extends Service {
  /** For whoever makes accounts without asking over HTTP. */
  accounts: Pick<AccountCreation, 'createAccount'>
}

/** Builds the service. Services of one process share the bus that is handed in; otherwise it opens its own. */
export async function build(config: Config, host: Host, shared: { bus?: Bus } = {}): Promise<Identity> {
  const { log, stack, health } = host
  const { db, bus } = await openFoundation({ name, config, host, migrations, bus: shared.bus })
  const cache = stack.use(await openCache(config.CACHE_URL.reveal(), { owner: name, log }))
  const objects = stack.use(await openObjects(config.OBJECTS_URL.reveal()))
  const prisma = stack.adopt(openPrisma(db), (it) => it.$disconnect())

  const secret = config.KEY_ENCRYPTION_SECRET.reveal()
  const limits = { idleMs: config.SESSION_IDLE_DAYS * dayMs, absoluteMs: config.SESSION_MAX_DAYS * dayMs }
  const serviceTokens = createServiceTokens({ name, secret: config.SERVICE_SECRET })
  const oneTimeTokens = createOneTimeTokens(secret)
  const mailer = await openMailer(config.MAIL_URL.reveal(), config.MAIL_FROM)
  const linkUrl = config.MAIL_LINK_URL ?? new URL('/v1/auth/link', config.PUBLIC_URL).href
  log.info({ destination: mailer.destination }, 'mail goes out')
  const mail = stack.use(startMailWorker({ db, mailer, tokens: oneTimeTokens, linkUrl, log }))

  const services = await createServices({
    db,
    cache,
    objects,
    log,
    stack,
    secret,
    limits,
    oneTimeTokens,
    evenMs,
    issuer: config.TOKEN_ISSUER,
    keyRotationMs: config.SIGNING_KEY_DAYS * dayMs,
    mailOwed: mail.wake,
    askService: createServiceCaller(serviceTokens),
    holdingOwners: config.HOLDINGS_URLS,
  })
  if (config.FIRST_ACCOUNTS)
    await makeFirstAccounts({ db, creation: services.creation, log }, config.FIRST_ACCOUNTS.reveal())
  await joinBus({ name, host, db, bus })
  for (const task of tasks({ db, objects, services, log })) stack.use(schedule(task, log))

  const app = await createApp({
    name,
    host,
    config,
    authorization,
    serviceTokens,
    verifier: createTokenVerifier({
      issuer: config.TOKEN_ISSUER,
      keys: services.keys.jwks,
      isRevoked: ({ sessionId }) => services.revoked.has(sessionId),
    }),
  })
  await routes(app, {
    db,
    prisma,
    services,
    limits,
    evenMs,
    cookie: createRefreshCookie(config.PUBLIC_URL, config.CORS_ORIGINS),
    cursorSecret: new Secret(deriveKey(secret, 'cursors').toString('base64')),
    mailOwed: mail.wake,
  })
  health.add('cache', () => (cache.status() === 'up' ? 'up' : 'degraded'))
  return { app, accounts: services.creation }
}
