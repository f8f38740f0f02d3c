/** A statement and its bound parameters. Made by `sql` only, so that text never comes from outside. */
export class Query {
  readonly values: unknown[]
  readonly name?: string
  readonly #strings: readonly string[]

  constructor(strings: readonly string[], values: unknown[], name?: string) {
    this.#strings = strings
    this.values = values
    if (name !== undefined) this.name = name
  }

  /** The SQL with `$1`, `$2`, … for the parameters. */
  get text(): string {
    return this.#strings.reduce((text, part, index) => `${text}$${index}${part}`)
  }

  /** Writes this query into a larger one. */
  appendTo(strings: string[], values: unknown[]): void {
    const [first = '', ...rest] = this.#strings
    strings[strings.length - 1] += first
    strings.push(...rest)
    values.push(...this.values)
  }
}

function build(parts: readonly string[], values: readonly unknown[], name?: string): Query {
  const strings = [parts[0] ?? '']
  const bound: unknown[] = []
  values.forEach((value, index) => {
    if (value instanceof Query) {
      value.appendTo(strings, bound)
      strings[strings.length - 1] += parts[index + 1] ?? ''
      return
    }
    if (value === undefined) throw new TypeError(undefinedValue(parts, index))
    bound.push(value)
    strings.push(parts[index + 1] ?? '')
  })
  return new Query(strings, bound, name)
}

const undefinedValue = (parts: readonly string[], index: number) =>
  `a query binds undefined after "${parts[index]?.slice(-60).trim()}": pass null to mean SQL null`

/**
 * Builds a query: `` sql`select * from users where id = ${id}` ``.
 * A `Query` among the values becomes part of the text; every other value is a bound parameter.
 */
export function sql(parts: TemplateStringsArray, ...values: unknown[]): Query {
  return build(parts, values)
}

/** Puts queries one after another, with a comma between them unless told otherwise. */
sql.join = (queries: readonly Query[], separator: Query = sql`, `): Query => {
  const strings = ['']
  const values: unknown[] = []
  queries.forEach((query, index) => {
    if (index > 0) separator.appendTo(strings, values)
    query.appendTo(strings, values)
  })
  return new Query(strings, values)
}

/** A prepared statement: parsed and planned once a connection. One name stands for one text. */
sql.named =
  (name: string) =>
  (parts: TemplateStringsArray, ...values: unknown[]): Query =>
    build(parts, values, name)

/** A quoted name of a table, column, channel or role. */
sql.identifier = (name: string): Query => new Query([quoteIdentifier(name)], [])

export function quoteIdentifier(name: string): string {
  if (name === '' || name.includes('\0')) throw new TypeError('an SQL identifier must have a name')
  return `"${name.replaceAll('"', '""')}"`
}
