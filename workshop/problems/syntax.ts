import { type Expression, type ObjectExpression, type Program, type Span, Visitor } from 'oxc-parser'

/** The constants of a file by name, wherever they are declared. */
export type Constants = Map<string, Expression>

export function constantsOf(program: Program): Constants {
  const constants: Constants = new Map()
  new Visitor({
    VariableDeclarator: ({ id, init }) => {
      if (id.type === 'Identifier' && init) constants.set(id.name, bare(init))
    },
  }).visit(program)
  return constants
}

/** The value of a property that is written out in an object. */
export function propertyOf(object: ObjectExpression, name: string): Expression | undefined {
  for (const it of object.properties)
    if (it.type === 'Property' && it.key.type === 'Identifier' && it.key.name === name) return bare(it.value)
  return undefined
}

/** Every text that an expression can be: a literal, a choice of them, or one looked up in a table of them. */
export function textsIn(node: Expression, constants: Constants): string[] | undefined {
  if (node.type === 'Literal' && typeof node.value === 'string') return [node.value]
  if (node.type === 'ConditionalExpression')
    return all([node.consequent, node.alternate].map((it) => textsIn(bare(it), constants)))
  if (node.type !== 'MemberExpression' || node.object.type !== 'Identifier') return undefined
  const table = constants.get(node.object.name)
  if (table?.type !== 'ObjectExpression') return undefined
  return all(
    table.properties.map((it) => (it.type === 'Property' ? textsIn(bare(it.value), constants) : undefined)),
  )
}

/** A text for people, with `<name>` for what varies; undefined when it is put together elsewhere. */
export function sentenceIn(node: Expression, constants: Constants): string | undefined {
  if (node.type === 'Literal') return node.value === null ? undefined : String(node.value)
  if (node.type === 'Identifier') {
    const value = constants.get(node.name)
    return value && sentenceIn(value, constants)
  }
  if (node.type !== 'TemplateLiteral') return undefined
  const parts = node.expressions.map((it) => sentenceIn(it, constants) ?? `<${nameOf(it)}>`)
  return node.quasis.map((it, index) => (it.value.cooked ?? '') + (parts[index] ?? '')).join('')
}

export function numberIn(node: Expression | undefined): number | undefined {
  return node?.type === 'Literal' && typeof node.value === 'number' ? node.value : undefined
}

/** The documentation comment that ends right before a node, as one line. */
export function docCommentBefore(node: Span, text: string): string | undefined {
  const before = text.slice(0, node.start).replace(/\s*(export\s+)?$/, '')
  const start = before.endsWith('*/') ? before.lastIndexOf('/*') : -1
  if (!before.startsWith('/**', start)) return undefined
  return before
    .slice(start + 3, -2)
    .replace(/^\s*\* ?/gm, '')
    .replace(/\s+/g, ' ')
    .trim()
}

function bare(node: Expression | { type: string }): Expression {
  const expression = node as Expression
  return expression.type === 'TSAsExpression' ? bare(expression.expression) : expression
}

const all = <T>(lists: (T[] | undefined)[]): T[] | undefined =>
  lists.some((it) => it === undefined) ? undefined : lists.flatMap((it) => it ?? [])

function nameOf(node: Expression): string {
  if (node.type === 'Identifier') return node.name
  if (node.type === 'CallExpression') return nameOf(node.callee)
  if (node.type !== 'MemberExpression' || node.property.type !== 'Identifier') return '…'
  return node.object.type === 'Identifier' && isMethod(node.property.name)
    ? node.object.name
    : node.property.name
}

const isMethod = (name: string) => /^(to|join|map)/.test(name)
