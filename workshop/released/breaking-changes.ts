import { apiCompare, type Diff } from 'api-smart-diff'

const harmless = new Set(['non-breaking', 'annotation', 'deprecated'])

/** What a client of `before` would trip over in `after`, one sentence each. */
export function findBreakingChanges(before: object, after: object): string[] {
  const { diffs } = apiCompare(before, after)
  return [...new Set(diffs.filter(isBreaking).map(describe))].sort()
}

function isBreaking(diff: Diff): boolean {
  const path = diff.path.map(String)
  // A shared schema is judged where it is used: the same change can be safe in an answer and not in a request.
  if (path[0] === 'components') return false
  return !harmless.has(diff.type) || isOverlooked(diff, path)
}

// Breaking here, but not by the rules of the library: it takes the answer's side as the mere inverse of the
// request's, excuses a required field that has a default, and knows neither that our routes refuse unknown fields
// nor that generated clients use operation ids.
function isOverlooked(diff: Diff, path: string[]): boolean {
  const changed = path.at(-1) ?? ''
  if (diff.action === 'add' && path.at(-2) === 'required') return path.includes('requestBody')
  if (diff.action === 'add') return changed === 'security'
  if (diff.action === 'remove' && path.at(-2) === 'properties') return true
  if (diff.action === 'replace' && changed === 'operationId') return true
  return path.includes('responses') && ['type', 'format', 'const'].includes(changed)
}

function describe(diff: Diff): string {
  const [, route = '', method = '', ...rest] = diff.path.map(String)
  const where = [method.toUpperCase(), route].filter(Boolean).join(' ')
  const values = [diff.before, diff.after].filter((it) => it !== undefined).map((it) => abridge(it))
  return `${where}: ${diff.action} ${rest.join('/') || 'operation'} (${values.join(' -> ')})`
}

function abridge(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
