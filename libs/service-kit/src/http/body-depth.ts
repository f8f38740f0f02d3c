import { DomainError } from '../problem/domain-error.ts'
import type { App } from './app.ts'

const deepest = 32

/** Refuses JSON that is nested deeper than anything here means: recursion over it must not exhaust the stack. */
export function refuseDeepBodies(app: App): void {
  app.addHook('preValidation', (request, _reply, done) => {
    if (isDeeper(request.body, deepest)) done(new BodyTooDeepError())
    else done()
  })
}

class BodyTooDeepError extends DomainError {
  override readonly name = 'BodyTooDeepError'
  constructor() {
    super({
      kind: 'malformed',
      code: 'body_too_deep',
      message: `The body is nested deeper than ${deepest} levels.`,
      errors: [
        { pointer: '', code: 'too_deep', message: `must not be nested deeper than ${deepest} levels` },
      ],
    })
  }
}

/** Whether a JSON value has more than `levels` levels. Does not recurse. */
function isDeeper(value: unknown, levels: number): boolean {
  let level = [value].filter(isNested)
  for (let depth = 0; level.length > 0; depth++) {
    if (depth >= levels) return true
    level = level.flatMap((item) => Object.values(item).filter(isNested))
  }
  return false
}

const isNested = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype)
