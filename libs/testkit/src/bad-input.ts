/** An answer that should refuse. */
export interface Refusal {
  status: number
  contentType: string | null | undefined
  text: string
}

/** What of our code or engines may never be seen. */
const inside = /node_modules|\.ts:|\bat \w+ \(|select |relation /

/** What is wrong with a refusal of bad input: a kind of answer, a body or a detail that it must not have. */
export function faultsOfRefusal({ status, contentType, text }: Refusal): string[] {
  const told = `${status} ${text}`
  const isProblem = /^application\/problem\+json/.test(contentType ?? '')
  return [
    ...(status >= 400 && status < 500 ? [] : [`is no refusal: ${told}`]),
    ...(isProblem && saysProblem(text, status) ? [] : [`is no problem of its status: ${told}`]),
    ...(inside.test(text) ? [`shows what is inside: ${told}`] : []),
  ]
}

function saysProblem(text: string, status: number): boolean {
  const problem = Object(JSON.parse(text))
  return problem.status === status && /^[a-z_]+$/.test(problem.code ?? '')
}

/** Values of another kind than any field has that is not free JSON. */
export const otherKinds = [42, [], ['a'], Number.MAX_VALUE, { $ne: null }]

/** What stands in a path where an id should, and is none. */
export const notIds = ['1', "' or 1=1 --", '00000000-0000-0000-0000-00000000000g', '../../me', 'null', '%00']

/** Bodies that no route of JSON takes, whatever its fields, and what each is refused with. */
export function badBodies(field: string, tooManyBytes: number): readonly (readonly [string, 400 | 413])[] {
  const deep = `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`
  return [
    ['{"a":', 400],
    ['', 400],
    ['"text"', 400],
    ['[]', 400],
    [deep, 400],
    [`{"${field}":${deep}}`, 400],
    [JSON.stringify({ [field]: 'x'.repeat(tooManyBytes) }), 413],
    ['{"__proto__":{"isAdmin":true}}', 400],
    ['{"constructor":{"prototype":{"isAdmin":true}}}', 400],
  ]
}
