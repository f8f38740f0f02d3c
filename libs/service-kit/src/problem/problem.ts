import { z } from 'zod'
import { DomainError, type ErrorKind } from './domain-error.ts'
import { frameworkError } from './framework-errors.ts'

/** The media type of every error answer (RFC 9457). */
export const problemType = 'application/problem+json'

export const problemSchema = z
  .object({
    type: z.string().describe('Where the code is explained'),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    instance: z.string().optional().describe('The path that was asked for'),
    code: z.string().describe('Stable: branch on this'),
    traceId: z.string().optional(),
    errors: z
      .array(z.object({ pointer: z.string(), code: z.string(), message: z.string() }))
      .optional()
      .describe(
        'What is wrong with which field: JSON pointers into the body, or into /query, /path, /headers',
      ),
  })
  .meta({ id: 'Problem' })

export type Problem = z.infer<typeof problemSchema>

const statusOf: Record<ErrorKind, number> = {
  malformed: 400,
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 412,
  precondition_required: 428,
  too_large: 413,
  limited: 429,
  unavailable: 503,
}

const titles: Record<number, string> = {
  400: 'The request is malformed',
  401: 'Authentication is needed',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'In conflict with the present state',
  412: 'The resource has changed',
  413: 'Too large',
  415: 'Media type not supported',
  422: 'A rule is broken',
  428: 'A precondition is needed',
  429: 'Too many requests',
  500: 'Something broke on our side',
  502: 'No answer from a service behind this one',
  503: 'Not available just now',
  504: 'No answer in time from a service behind this one',
}

export interface ProblemAnswer {
  problem: Problem
  retryAfterSeconds?: number
  /** Whether the fault is ours and belongs in the log with its cause. */
  isOurs: boolean
}

/** Turns whatever was thrown into what the caller is told. Texts of unexpected errors never leave. */
export function toProblem(error: unknown, request: { path: string; traceId?: string }): ProblemAnswer {
  const known = error instanceof DomainError ? error : frameworkError(error)
  const status = known ? statusOfError(known) : 500
  const code = known?.code ?? 'internal_error'
  const problem: Problem = {
    type: `/problems#${code}`,
    title: titles[status] ?? 'Refused',
    status,
    detail: known?.message ?? 'The fault was logged; quote the trace id when you report it.',
    instance: request.path,
    code,
    ...(request.traceId && { traceId: request.traceId }),
    ...(known?.errors.length && { errors: known.errors }),
  }
  return {
    problem,
    isOurs: !known,
    ...(known?.retryAfterSeconds && { retryAfterSeconds: known.retryAfterSeconds }),
  }
}

function statusOfError(error: DomainError): number {
  return 'status' in error && typeof error.status === 'number' ? error.status : statusOf[error.kind]
}
