import { z } from 'zod'
import { DomainError } from './domain-error.ts'
import { frameworkError } from './framework-errors.ts'
import { statusOf, titles } from './status.ts'

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

const internalError = {
  status: 500,
  code: 'internal_error',
  message: 'The fault was logged; quote the trace id when you report it.',
}

export interface ProblemAnswer {
  problem: Problem
  retryAfterSeconds?: number
  /** How it belongs in the log: a fault of ours, or an engine or service out of reach. */
  logAs?: 'error' | 'warn'
}

/** Turns whatever was thrown into what the caller is told. Texts of unexpected errors never leave. */
export function toProblem(error: unknown, request: { path?: string; traceId?: string }): ProblemAnswer {
  const known = error instanceof DomainError ? error : frameworkError(error)
  const status = known ? statusOfError(known) : internalError.status
  const code = known?.code ?? internalError.code
  const problem: Problem = {
    type: `/problems#${code}`,
    title: titles[status] ?? 'Refused',
    status,
    detail: known?.message ?? internalError.message,
    ...(request.path && { instance: request.path }),
    code,
    ...(request.traceId && { traceId: request.traceId }),
    ...(known?.errors.length && { errors: known.errors }),
  }
  return {
    problem,
    ...(!known && { logAs: 'error' }),
    ...(known?.kind === 'unavailable' && known.cause !== undefined && { logAs: 'warn' }),
    ...(known?.retryAfterSeconds && { retryAfterSeconds: known.retryAfterSeconds }),
  }
}

function statusOfError(error: DomainError): number {
  return 'status' in error && typeof error.status === 'number' ? error.status : statusOf[error.kind]
}
