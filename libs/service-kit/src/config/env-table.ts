import type { z } from 'zod'

/** The variables of a configuration as a Markdown table: name, meaning, default. */
export function envTable(schema: z.ZodObject): string {
  const rows = Object.entries(schema.shape).map(([name, field]) => {
    const type = field as z.ZodType
    return `| \`${name}\` | ${type.description ?? ''} | ${defaultOf(type)} |`
  })
  return ['| variable | meaning | default |', '|---|---|---|', ...rows].join('\n')
}

function defaultOf(type: z.ZodType): string {
  const empty = type.safeParse(undefined)
  if (!empty.success) return 'required'
  if (empty.data === undefined) return 'not set'
  const text = Array.isArray(empty.data) ? empty.data.join(',') : String(empty.data)
  return text === '' ? 'empty' : `\`${text}\``
}
