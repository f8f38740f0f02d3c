import { openDocuments } from '@sandkeep/documents'
import { type Bus, joinBus, openFoundation } from '@sandkeep/messaging'
import { openObjects } from '@sandkeep/objects'
import {
  createApp,
  createServiceCaller,
  createServiceTokens,
  createTokenVerifier,
  type Host,
  type Service,
  schedule,
  type Task,
  whenAvailable,
} from '@sandkeep/service-kit'
import { createAccountDirectory } from './account-reference/account-directory.ts'
import { authorization } from './authorization.ts'
import { type Clock, systemClock } from './clock.ts'
import { collections } from './collections.ts'
import type { Config } from './config.ts'
import { consumers } from './consumers.ts'
import { createLinkSigner } from './link/file-links.ts'
import { migrations } from './migrations.ts'
import { routes } from './routes.ts'
import { createServices } from './services.ts'
import { createTasks } from './tasks.ts'

const name = 'sandbox'

export interface SandboxService extends Service {
  /** What the service does by itself from time to time, for whoever wants it done now. */
  tasks: Task[]
}

interface Shared {
  /** Services of one process share it; otherwise the service opens its own. */
  bus?: Bus
  clock?: Clock
}

/** Builds the service. */
export async function build(config: Config, host: Host, shared: Shared = {}): Promise<SandboxService> {
  const { log, stack } = host
  const { db, bus } = await openFoundation({ name, config, host, migrations, bus: shared.bus })
  const documents = stack.use(
    await whenAvailable('the document store', log, () =>
      openDocuments(config.DOCUMENTS_URL.reveal(), { db, collections }),
    ),
  )
  const linkSigner = createLinkSigner(config.CURSOR_SECRET)
  const objects = stack.use(await openObjects(config.OBJECTS_URL.reveal(), { links: linkSigner }))
  const serviceTokens = createServiceTokens({ name, secret: config.SERVICE_SECRET })
  const identity = createAccountDirectory(createServiceCaller(serviceTokens), config.IDENTITY_URL)
  const placeLimits = {
    student: config.SANDBOX_PLACES_STUDENT,
    instructor: config.SANDBOX_PLACES_INSTRUCTOR,
    admin: config.SANDBOX_PLACES_ADMIN,
  }
  const clock = shared.clock ?? systemClock
  const services = await createServices({ db, documents, objects, identity, clock, log, placeLimits })

  await joinBus({ name, host, db, bus, consumers })
  const tasks = createTasks({ db, services, log })
  for (const task of tasks) stack.use(schedule(task, log))

  const app = await createApp({
    name,
    host,
    config,
    authorization,
    serviceTokens,
    verifier: createTokenVerifier({
      issuer: config.TOKEN_ISSUER,
      jwksUrl: new URL('/.well-known/jwks.json', config.IDENTITY_URL).href,
    }),
  })
  await routes(app, { db, services, objects, linkSigner, cursorSecret: config.CURSOR_SECRET })
  return { app, tasks }
}
