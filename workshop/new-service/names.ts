/** How the template's own words appear, so that every spelling of a name can be told from the others. */
const templateService = 'sample-box'
const templateNoun = 'sample-item'

export type Names = { service: string; noun: string }

export class NameError extends Error {
  override readonly name = 'NameError'
}

/** The names of a new service, checked. The noun is what the service keeps, in the singular. */
export function parseNames(service: string | undefined, noun = 'item'): Names {
  for (const name of [service ?? '', noun]) {
    if (!/^[a-z]+(-[a-z]+)*$/.test(name) || name.length > 30) {
      throw new NameError(`"${name}" is no name: use up to 30 lower-case letters, words joined by "-"`)
    }
  }
  if (service === noun) throw new NameError(`The service and what it keeps cannot both be named ${noun}`)
  return { service: service ?? '', noun }
}

/** The template's text with the new names in every spelling: kebab, snake, camel, Pascal and upper case. */
export function rename(text: string, { service, noun }: Names): string {
  return replaceSpellings(replaceSpellings(text, templateService, service), templateNoun, noun)
}

function replaceSpellings(text: string, from: string, to: string): string {
  const target = new Map(spellings(from).map((spelling, index) => [spelling, spellings(to)[index] ?? to]))
  return text.replaceAll(new RegExp(spellings(from).join('|'), 'g'), (found) => target.get(found) ?? found)
}

function spellings(kebab: string): string[] {
  const words = kebab.split('-')
  const pascal = words.map((it) => `${it.slice(0, 1).toUpperCase()}${it.slice(1)}`).join('')
  const camel = `${pascal.slice(0, 1).toLowerCase()}${pascal.slice(1)}`
  return [kebab, words.join('_'), words.join('_').toUpperCase(), pascal, camel, words.join(' ')]
}
