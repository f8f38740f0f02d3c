import type { Ajv2020 } from 'ajv/dist/2020.js'

/** Limits of text in characters. The checker's own count every one of them, which for long texts takes longest of all. */
export function limitTextFast(ajv: Ajv2020): void {
  limit(ajv, 'maxLength', 'more', (text, max) => text.length <= max || charactersOf(text) <= max)
  limit(ajv, 'minLength', 'fewer', (text, min) => text.length >= 2 * min || charactersOf(text) >= min)
}

function limit(
  ajv: Ajv2020,
  keyword: string,
  than: string,
  isWithin: (text: string, limit: number) => boolean,
): void {
  ajv.removeKeyword(keyword)
  ajv.addKeyword({
    keyword,
    type: 'string',
    schemaType: 'number',
    compile: (value: number) => (text: string) => isWithin(text, value),
    error: { message: ({ schema }) => `must NOT have ${than} than ${String(schema)} characters` },
  })
}

/** Half of each surrogate pair, of which UTF-16 makes one character. */
function charactersOf(text: string): number {
  let count = 0
  for (const _character of text) count++
  return count
}
