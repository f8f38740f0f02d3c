import { describeService } from '@sandkeep/service-kit'
import { type OverviewParts, overviewRoutes } from './overview/overview-routes.ts'
import type { OpenApiDocument } from './reference/document.ts'
import { readDocument } from './reference/document-source.ts'

const guard = () => async () => undefined

/** What the gateway offers of its own. */
export async function describeGateway(): Promise<OpenApiDocument> {
  const document = await describeService({
    name: 'gateway',
    authorization: {},
    routes: (app, { upstreams, ownHeaders }: OverviewParts) =>
      overviewRoutes(app, { guard, upstreams, ownHeaders }),
  })
  return readDocument(document)
}
