import type { ServiceCaller } from '@sandkeep/service-kit'
import { z } from 'zod'
import type { OpenApiDocument } from './document.ts'

const byName = z.record(z.string(), z.json())
const document = z.object({
  openapi: z.string().startsWith('3.1'),
  info: z.object({ title: z.string(), version: z.string(), description: z.string().exactOptional() }),
  paths: z.record(z.string(), byName),
  components: z.record(z.string(), byName).exactOptional(),
})

/** Reads a document of OpenAPI 3.1. Throws for anything else. */
export const readDocument = (json: unknown): OpenApiDocument => document.parse(json)

/** Asks a service how it describes itself. */
export function askDocument(ask: ServiceCaller, urls: Record<string, string>) {
  return async (service: string): Promise<OpenApiDocument> => {
    const target = { name: service, url: urls[service] ?? '' }
    return readDocument(await ask(target, { path: '/openapi.json', deadlineMs: 2_000 }))
  }
}
