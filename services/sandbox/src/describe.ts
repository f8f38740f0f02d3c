import { describeService, type OpenApiDocument } from '@sandkeep/service-kit'
import { authorization } from './authorization.ts'
import { routes } from './routes.ts'

/** What the service offers, without anything that it needs to run. */
export const describe = (): Promise<OpenApiDocument> =>
  describeService({ name: 'sandbox', authorization, routes })
