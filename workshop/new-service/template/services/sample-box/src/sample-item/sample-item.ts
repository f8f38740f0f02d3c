import { z } from 'zod'

/** What a person keeps here. */
export interface SampleItem {
  id: string
  ownerId: string
  title: string
  version: number
  createdAt: Date
  updatedAt: Date
}

export const titleField = z.string().trim().min(1).max(100)

export const sampleItemView = z
  .object({
    id: z.uuid(),
    ownerId: z.uuid(),
    ownerUsername: z.string().optional().describe('Absent until identity has told it'),
    title: z.string(),
    version: z.int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'SampleItem' })

export type SampleItemView = z.infer<typeof sampleItemView>

export const toView = (it: SampleItem, ownerUsername?: string): SampleItemView => ({
  id: it.id,
  ownerId: it.ownerId,
  ...(ownerUsername === undefined ? {} : { ownerUsername }),
  title: it.title,
  version: it.version,
  createdAt: it.createdAt.toISOString(),
  updatedAt: it.updatedAt.toISOString(),
})
