export type Json = string | number | boolean | null | Json[] | JsonObject
export type JsonObject = { [key: string]: Json }

/** The parts of an OpenAPI 3.1 document that merging looks at. */
export interface OpenApiDocument {
  openapi: string
  info: { title: string; version: string; description?: string }
  servers?: { url: string; description?: string }[]
  tags?: { name: string; description?: string }[]
  /** By path, then by method. */
  paths: Record<string, Record<string, Json>>
  /** By kind (`schemas`, `securitySchemes`, …), then by name. */
  components?: Record<string, Record<string, Json>>
}

export const isObject = (json: Json): json is JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json)
