import { isObject, type Json, type JsonObject } from './document.ts'

/** Every `$ref` below a value. */
export function referencesIn(json: Json): string[] {
  if (Array.isArray(json)) return json.flatMap(referencesIn)
  if (!isObject(json)) return []
  return Object.entries(json).flatMap(([key, value]) =>
    key === '$ref' && typeof value === 'string' ? [value] : referencesIn(value),
  )
}

/** The value with every `$ref` replaced that the map knows. */
export function mapReferences(json: Json, replacements: ReadonlyMap<string, string>): Json {
  if (Array.isArray(json)) return json.map((item) => mapReferences(item, replacements))
  return isObject(json) ? mapReferencesOf(json, replacements) : json
}

export function mapReferencesOf(object: JsonObject, replacements: ReadonlyMap<string, string>): JsonObject {
  const entries = Object.entries(object).map(([key, value]) => {
    const isReference = key === '$ref' && typeof value === 'string'
    return [
      key,
      isReference ? (replacements.get(value) ?? value) : mapReferences(value, replacements),
    ] as const
  })
  return Object.fromEntries(entries)
}
