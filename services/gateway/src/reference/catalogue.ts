import type { OpenApiDocument } from './document.ts'
import type { Part } from './merge.ts'

export interface CatalogueOptions {
  services: readonly string[]
  fetchDocument: (service: string) => Promise<OpenApiDocument>
  compose: (parts: readonly Part[]) => OpenApiDocument
  now?: () => number
}

export interface Catalogue {
  /** The document of all services, as JSON. Rejects while one of them has never been read. */
  json(): Promise<string>
}

// Services are replaced one at a time, so that a document may be older than what runs by this much.
const keepMs = 60_000

/** Keeps the last document of each service, so that one that is down for a moment stays described. */
export function createCatalogue({
  services,
  fetchDocument,
  compose,
  now = Date.now,
}: CatalogueOptions): Catalogue {
  const known = new Map<string, OpenApiDocument>()
  let fresh: { json: string; at: number } | undefined
  let refreshing: Promise<string> | undefined

  async function read(service: string): Promise<Part> {
    try {
      known.set(service, await fetchDocument(service))
    } catch (error) {
      if (!known.has(service)) throw error
    }
    const document = known.get(service)
    if (document === undefined) throw new Error(`The document of ${service} was never read`)
    return { service, document }
  }

  async function refresh(): Promise<string> {
    const json = JSON.stringify(compose(await Promise.all(services.map(read))))
    fresh = { json, at: now() }
    return json
  }

  return {
    async json() {
      if (fresh !== undefined && now() - fresh.at < keepMs) return fresh.json
      refreshing ??= refresh().finally(() => {
        refreshing = undefined
      })
      return refreshing
    },
  }
}
