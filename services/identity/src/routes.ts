import cookiePlugin from '@fastify/cookie'
import type { Database } from '@sandkeep/postgres'
import { type App, createCursors, type Secret } from '@sandkeep/service-kit'
import { meRoutes } from './account/me-routes.ts'
import { registrationRoutes } from './account/registration-routes.ts'
import { userListRoutes } from './account/user-list-routes.ts'
import { userRoutes } from './account/user-routes.ts'
import { avatarRoutes } from './avatar/avatar-routes.ts'
import { addressRoutes } from './credential/address-routes.ts'
import { passwordRoutes } from './credential/password-routes.ts'
import { internalRoutes } from './internal-routes.ts'
import { keyRoutes } from './key/key-routes.ts'
import { linkRoutes } from './link/link-routes.ts'
import type { Prisma } from './prisma.ts'
import type { Services } from './services.ts'
import type { RefreshCookie } from './session/refresh-cookie.ts'
import type { SessionLimits } from './session/session.ts'
import { sessionRoutes } from './session/session-routes.ts'
import { signInRoutes } from './session/sign-in-routes.ts'

export interface RouteParts {
  db: Database
  prisma: Prisma
  services: Services
  cookie: RefreshCookie
  cursorSecret: Secret
  limits: SessionLimits
  evenMs: number
  mailOwed: () => void
}

export async function routes(app: App, parts: RouteParts): Promise<void> {
  const { db, prisma, services, cookie, limits, evenMs } = parts
  const cursors = (list: string) => createCursors(parts.cursorSecret, list)
  registrationRoutes(app, { register: services.register, evenMs })
  addressRoutes(app, { addresses: services.addresses, evenMs })
  passwordRoutes(app, { passwords: services.passwords, evenMs })
  await app.register(async (scope) => {
    await scope.register(cookiePlugin)
    signInRoutes(scope, { ...services, cookie })
  })
  sessionRoutes(app, { ...services, prisma, limits, cursors: cursors('sessions') })
  meRoutes(app, services.profiles)
  avatarRoutes(app, services.avatars)
  userListRoutes(app, { ...services, db, cursors: cursors('users'), mailOwed: parts.mailOwed })
  userRoutes(app, services)
  linkRoutes(app)
  keyRoutes(app, services.keys)
  internalRoutes(app, { db, prisma })
}
