import type { App } from '@sandkeep/service-kit'
import { linkPage, linkPageHeaders } from './link-page.ts'

export function linkRoutes(app: App): void {
  app.route({
    method: 'GET',
    url: '/v1/auth/link',
    operation: 'openMailedLink',
    auth: 'public',
    schema: {},
    handler: async (_request, reply) => reply.headers(linkPageHeaders).send(linkPage),
  })
}
