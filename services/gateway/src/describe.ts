import { describeService, type OpenApiDocument as ServiceDocument } from '@sandkeep/service-kit'
import { type OverviewParts, overviewRoutes } from './overview/overview-routes.ts'
import { composeDocument } from './reference/compose.ts'
import type { OpenApiDocument } from './reference/document.ts'
import { readDocument } from './reference/document-source.ts'
import { routeTable, type ServiceName, serviceNames } from './upstreams.ts'

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

/** What the public is offered by the whole fleet, out of what its services say of themselves. */
export async function describeFleet(
  services: Record<ServiceName, ServiceDocument>,
): Promise<OpenApiDocument> {
  const parts = serviceNames.map((service) => ({ service, document: readDocument(services[service]) }))
  return composeDocument(routeTable, await describeGateway(), parts)
}
