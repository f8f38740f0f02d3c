import { createApp, createHost, openApiDocument } from '@sandkeep/service-kit'
import { pino } from 'pino'
import { overviewRoutes } from './overview/overview-routes.ts'
import type { OpenApiDocument } from './reference/document.ts'
import { readDocument } from './reference/document-source.ts'

/** Stands for what the route is given and does not need while it is only described. */
const nothing = <T>(): T => new Proxy(Object.create(null), { get: () => nothing() })

/** What the gateway offers of its own. */
export async function describeGateway(): Promise<OpenApiDocument> {
  const host = createHost({ log: pino({ level: 'silent' }) })
  const app = await createApp({ name: 'gateway', authorization: {}, host })
  const guard = () => async () => undefined
  overviewRoutes(app, { guard, upstreams: nothing(), ownHeaders: nothing() })
  await app.ready()
  const document = readDocument(openApiDocument(app))
  await app.close()
  return document
}
