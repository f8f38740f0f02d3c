import { isDeepStrictEqual } from 'node:util'
import { isObject, type Json, type OpenApiDocument } from './document.ts'
import { mapReferences, mapReferencesOf, referencesIn } from './references.ts'

export interface Part {
  service: string
  document: OpenApiDocument
}

export interface MergeOptions {
  info: OpenApiDocument['info']
  /** Whether the public reaches this path at this service; the rest is left out. */
  isPublic: (path: string, service: string) => boolean
}

type Components = NonNullable<OpenApiDocument['components']>

/**
 * One document out of those of the services. Components that two services call the same and define apart
 * are told apart by the service's name; what nothing public refers to is left out.
 */
export function mergeDocuments(parts: readonly Part[], { info, isPublic }: MergeOptions): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {}
  const components: Components = {}
  for (const { service, document } of parts) {
    const publicPaths = Object.entries(document.paths).filter(([path]) => isPublic(path, service))
    const newNames = clashes(components, service, document.components ?? {})
    addPaths(paths, service, publicPaths, newNames)
    addComponents(components, document.components ?? {}, newNames)
  }
  const tags = parts.map(({ service, document }) => tagOf(service, document))
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: '/' }],
    tags,
    paths: sortKeys(paths),
    components: onlyUsed(paths, components),
  }
}

function addPaths(
  paths: OpenApiDocument['paths'],
  service: string,
  added: [string, Record<string, Json>][],
  newNames: ReadonlyMap<string, string>,
): void {
  for (const [path, operations] of added) {
    if (path in paths) throw new Error(`Two services describe ${path}`)
    const entries = Object.entries(operations).map(([method, operation]) => {
      const renamed = mapReferences(operation, newNames)
      return [method, isObject(renamed) ? { tags: [service], ...renamed } : renamed] as const
    })
    paths[path] = Object.fromEntries(entries)
  }
}

function addComponents(
  components: Components,
  added: Components,
  newNames: ReadonlyMap<string, string>,
): void {
  for (const [kind, named] of Object.entries(added)) {
    const renamed = Object.entries(mapReferencesOf(named, newNames)).map(([name, component]) => {
      return [newNames.get(pointer(kind, name))?.split('/').at(-1) ?? name, component] as const
    })
    components[kind] = { ...components[kind], ...Object.fromEntries(renamed) }
  }
}

function clashes(components: Components, service: string, added: Components): Map<string, string> {
  const newNames = new Map<string, string>()
  for (const [kind, named] of Object.entries(added)) {
    for (const [name, component] of Object.entries(named)) {
      const known = components[kind]?.[name]
      if (known === undefined || isDeepStrictEqual(known, component)) continue
      newNames.set(pointer(kind, name), pointer(kind, capital(service) + name))
    }
  }
  return newNames
}

function onlyUsed(paths: OpenApiDocument['paths'], components: Components): Components {
  const used = new Set(schemesOf(paths))
  const queue = referencesIn(paths)
  for (let reference = queue.pop(); reference !== undefined; reference = queue.pop()) {
    if (used.has(reference)) continue
    used.add(reference)
    const [kind = '', name = ''] = reference.split('/').slice(2)
    queue.push(...referencesIn(components[kind]?.[name] ?? null))
  }
  const kept = Object.entries(components).map(([kind, named]) => {
    const entries = Object.entries(named).filter(([name]) => used.has(pointer(kind, name)))
    return [kind, sortKeys(Object.fromEntries(entries))] as const
  })
  return sortKeys(Object.fromEntries(kept))
}

// Operations name their security schemes without a reference.
function schemesOf(paths: OpenApiDocument['paths']): string[] {
  const operations = Object.values(paths).flatMap((path) => Object.values(path))
  const security = operations.flatMap((it) =>
    isObject(it) && Array.isArray(it['security']) ? it['security'] : [],
  )
  const names = security.flatMap((it) => (isObject(it) ? Object.keys(it) : []))
  return names.map((name) => pointer('securitySchemes', name))
}

function tagOf(service: string, { info }: OpenApiDocument): { name: string; description?: string } {
  return info.description === undefined ? { name: service } : { name: service, description: info.description }
}

const pointer = (kind: string, name: string): string => `#/components/${kind}/${name}`

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

function sortKeys<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)))
}
