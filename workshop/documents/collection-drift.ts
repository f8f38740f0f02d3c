import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type AnyDefinition, type CollectionSource, findDrift } from '@sandkeep/documents'
import { z } from 'zod'
import { root } from '../repository.ts'

const module = z.object({
  collections: z.object({
    directory: z.string(),
    definitions: z.array(
      z.looseObject({ name: z.string(), schema: z.custom<object>((it) => typeof it === 'object') }),
    ),
  }),
})

/** What a service declares in `collections.ts`; null when it keeps no documents. */
export async function readCollections(service: string): Promise<CollectionSource | null> {
  const file = join(root, 'services', service, 'src/collections.ts')
  return existsSync(file) ? module.parse(await import(file)).collections : null
}

/** The declared collections that the service's migrations do not make. */
export async function findCollectionDrift(service: string): Promise<AnyDefinition[]> {
  const source = await readCollections(service)
  return source === null ? [] : findDrift(source)
}
