import { type ErrorKind, statusOf } from '@sandkeep/service-kit'
import { type ObjectExpression, parseSync, type Span, Visitor } from 'oxc-parser'
import { constantsOf, docCommentBefore, numberIn, propertyOf, sentenceIn, textsIn } from './syntax.ts'

/** A problem code as one place of the code declares it. */
export interface Declared {
  code: string
  status: number
  /** What the caller is told, with `<name>` for what varies; absent when it is put together elsewhere. */
  message?: string
  /** What the error class says of itself. */
  about?: string
}

/**
 * Finds the problems that a file declares: objects with `code` and `message`, and `kind` or a status. A code is a
 * literal, is looked up in a table of literals, or is handed on from another such object of the same file; a code that
 * is put together is reported as a fault.
 */
export function findProblems(file: string, text: string): { declared: Declared[]; faults: string[] } {
  const { program } = parseSync(file, text)
  const constants = constantsOf(program)
  const declared: Declared[] = []
  const faults: string[] = []
  const handedOn: string[] = []
  const classes: Span[] = []
  const givenStatus = new Map<unknown, number>()
  const noteStatus = (call: { arguments: { type: string }[] }) => {
    const [status, facts] = call.arguments
    const number = numberIn(status as Parameters<typeof numberIn>[0])
    if (number !== undefined && facts) givenStatus.set(facts, number)
  }

  new Visitor({
    ClassDeclaration: (node) => void classes.push(node),
    NewExpression: noteStatus,
    CallExpression: noteStatus,
    ObjectExpression: (facts) => {
      const [code, message] = [propertyOf(facts, 'code'), propertyOf(facts, 'message')]
      const status = givenStatus.get(facts) ?? statusIn(facts)
      if (!code || !message || status === undefined) return
      const codes = textsIn(code, constants)
      const line = text.slice(0, facts.start).split('\n').length
      if (!codes)
        (code.type === 'Identifier' ? handedOn : faults).push(
          `${file}:${line}: write each code out, so that it can be found`,
        )
      const said = sentenceIn(message, constants)
      const around = classes.find((it) => it.start < facts.start && facts.end <= it.end)
      const about = around && docCommentBefore(around, text)
      for (const it of codes ?? [])
        declared.push({ code: it, status, ...(said && { message: said }), ...(about && { about }) })
    },
  }).visit(program)
  return { declared, faults: declared.length > 0 ? faults : [...faults, ...handedOn] }
}

function statusIn(facts: ObjectExpression): number | undefined {
  const kind = propertyOf(facts, 'kind')
  if (kind?.type === 'Literal' && isKind(kind.value)) return statusOf[kind.value]
  return numberIn(propertyOf(facts, 'status')) ?? numberIn(propertyOf(facts, 'statusCode'))
}

const isKind = (value: unknown): value is ErrorKind => typeof value === 'string' && value in statusOf
