import type { Database } from '@sandkeep/postgres'
import { type App, etag, idempotent } from '@sandkeep/service-kit'
import { z } from 'zod'
import type { Prisma } from '../prisma.ts'
import { sampleItemView, titleField, toView } from './sample-item.ts'
import { SampleItemNotFoundError } from './sample-item-errors.ts'
import { createSampleItem } from './sample-item-service.ts'

export interface SampleItemRouteParts {
  db: Database
  prisma: Prisma
}

export function sampleItemRoutes(app: App, { db, prisma }: SampleItemRouteParts): void {
  app.route({
    method: 'POST',
    url: '/v1/sample-items',
    operation: 'createSampleItem',
    schema: { body: z.strictObject({ title: titleField }), response: { 201: sampleItemView } },
    handler: async (request, reply) => {
      const made = await idempotent(request, db, async (tx) => {
        const { title } = request.body
        const created = await createSampleItem(tx, { ownerId: request.actor.userId, title })
        return {
          status: 201,
          headers: { location: `/v1/sample-items/${created.id}`, etag: etag(created.version) },
          body: toView(created),
        }
      })
      return reply
        .code(201)
        .headers(made.headers ?? {})
        .send(made.body)
    },
  })

  app.route({
    method: 'GET',
    url: '/v1/sample-items/:id',
    operation: 'getSampleItem',
    schema: { params: z.object({ id: z.uuid() }), response: { 200: sampleItemView } },
    handler: async (request, reply) => {
      const found = await prisma.sampleItem.findUnique({ where: { id: request.params.id } })
      const isTheirs = found?.ownerId === request.actor.userId || request.access === 'any'
      if (!found || !isTheirs) throw new SampleItemNotFoundError()
      const owner = await prisma.person.findUnique({ where: { id: found.ownerId } })
      return reply.header('etag', etag(found.version)).send(toView(found, owner?.username))
    },
  })
}
