import { createApp, createHost, type OpenApiDocument, openApiDocument } from '@sandkeep/service-kit'
import { pino } from 'pino'
import { authorization } from './authorization.ts'
import { routes } from './routes.ts'

/** Stands for whatever routes are given while they are only described: none of it is called. */
const nothing = <T>(): T => new Proxy(Object.create(null), { get: () => nothing() })

/** What the service offers, without anything that it needs to run. */
export async function describe(): Promise<OpenApiDocument> {
  const host = createHost({ log: pino({ level: 'silent' }) })
  const app = await createApp({ name: 'sample-box', authorization, host })
  routes(app, nothing())
  await app.ready()
  const document = openApiDocument(app)
  await app.close()
  return document
}
