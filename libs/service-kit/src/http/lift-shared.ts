import { z } from 'zod'

/** Where zod puts recursive schemas that have no id of their own. No OpenAPI reference can lead into it. */
const shared = '__shared'
const liftedName = 'JsonValue'
const reference = (name: string) => `"#/components/schemas/${name}"`
// Of a schema that is written inline in a route, the reference is kept and the definition lost.
const lost = /"#\/components\/schemas\/schema\d+"/g

/** Makes components of the recursive schemas; those that say the same become one. All there is of them is free JSON. */
export function liftShared<D extends { components?: Record<string, Record<string, unknown>> }>(
  document: D,
): D {
  const definitions = sharedDefinitions(document.components?.['schemas']?.[shared])
  const names = new Map<string, string>()
  let text = JSON.stringify(document)
  if (text.search(lost) !== -1) names.set(freeJson(), liftedName)
  text = text.replaceAll(lost, reference(liftedName))
  for (const [name, schema] of definitions) {
    const own = `${shared}#/$defs/${name}`
    const content = JSON.stringify(schema).replaceAll(reference(own), '"#"')
    if (!names.has(content)) names.set(content, `${liftedName}${names.size === 0 ? '' : names.size + 1}`)
    text = text.replaceAll(reference(own), reference(names.get(content) ?? ''))
  }
  const lifted: D = JSON.parse(text)
  const schemas = lifted.components?.['schemas']
  if (schemas === undefined) return lifted
  delete schemas[shared]
  for (const [content, name] of names) schemas[name] = JSON.parse(content.replaceAll('"#"', reference(name)))
  return lifted
}

function freeJson(): string {
  const { $schema, ...schema } = z.toJSONSchema(z.json())
  return JSON.stringify(schema)
}

function sharedDefinitions(schema: unknown): [string, unknown][] {
  if (typeof schema !== 'object' || schema === null || !('$defs' in schema)) return []
  return Object.entries(schema.$defs ?? {})
}
