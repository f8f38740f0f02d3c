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
  const text = textOf(empty.data)
  return text === '' ? 'empty' : `\`${text}\``
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(',')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
