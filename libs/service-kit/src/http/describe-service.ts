import { pino } from 'pino'
import type { Authorization } from '../auth/authorization.ts'
import { createHost } from '../boot/host.ts'
import type { App } from './app.ts'
import { createApp } from './create-app.ts'
import { type OpenApiDocument, openApiDocument } from './openapi.ts'

export interface DescribedService<P> {
  name: string
  authorization: Authorization
  routes: (app: App, parts: P) => void | Promise<void>
}

/** Stands for whatever routes are given while they are only described: none of it is called. */
const nothing = <T>(): T => new Proxy(Object.create(null), { get: () => nothing() })

/** What a service offers, without anything that it needs to run. */
export async function describeService<P>(service: DescribedService<P>): Promise<OpenApiDocument> {
  const { name, authorization, routes } = service
  const host = createHost({ log: pino({ level: 'silent' }) })
  const app = await createApp({ name, authorization, host })
  await routes(app, nothing())
  await app.ready()
  const document = openApiDocument(app)
  await app.close()
  return document
}
