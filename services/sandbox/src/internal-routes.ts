import type { Database } from '@sandkeep/postgres'
import type { App } from '@sandkeep/service-kit'
import { z } from 'zod'
import { findHoldings } from './account-reference/holdings.ts'

const holding = z
  .object({
    kind: z.string(),
    count: z.int(),
    sample: z.array(z.string()).describe('Names of some of them'),
  })
  .meta({ id: 'Holding' })

const holdingsSchema = {
  params: z.object({ id: z.uuid() }),
  response: { 200: z.object({ items: z.array(holding) }) },
}

/** What other services ask: what lives on when an account goes. */
export function internalRoutes(app: App, db: Database): void {
  app.route({
    method: 'GET',
    url: '/internal/v1/users/:id/holdings',
    operation: 'listHoldings',
    auth: 'service',
    schema: holdingsSchema,
    handler: async (request) => ({ items: await findHoldings(db, request.params.id) }),
  })
}
