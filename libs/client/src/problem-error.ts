/** One thing that is wrong with a request, and where. `pointer` is a JSON pointer into the request's body. */
export interface ProblemDetail {
  pointer: string
  code: string
  message: string
}

/** An RFC 9457 problem, as every refusal of the API carries it. */
export interface Problem {
  type: string
  title: string
  status: number
  detail?: string
  instance?: string
  /** Stable; switch on this, not on the texts. */
  code: string
  traceId?: string
  errors?: ProblemDetail[]
}

/** The API refused. What it said is in `problem`. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly problem: Problem
  readonly retryAfterSeconds: number | undefined

  constructor(problem: Problem, retryAfterSeconds?: number) {
    super(describe(problem))
    this.problem = problem
    this.retryAfterSeconds = retryAfterSeconds
  }

  get status(): number {
    return this.problem.status
  }

  get code(): string {
    return this.problem.code
  }
}

/** Turns what a refused call answered into a ProblemError, also when something on the way answered in its own words. */
export function problemFrom(response: Response, body: unknown): ProblemError {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
  const retryAfterSeconds = Number.isFinite(retryAfter) ? retryAfter : undefined
  if (isProblem(body)) return new ProblemError(body, retryAfterSeconds)
  const title = response.statusText === '' ? 'Refused' : response.statusText
  return new ProblemError(
    { type: 'about:blank', title, status: response.status, code: 'unknown' },
    retryAfterSeconds,
  )
}

function isProblem(body: unknown): body is Problem {
  if (typeof body !== 'object' || body === null) return false
  return (
    'code' in body && typeof body.code === 'string' && 'status' in body && typeof body.status === 'number'
  )
}

function describe({ status, title, detail, code, errors }: Problem): string {
  const fields = errors?.map(({ pointer, message }) => `${pointer} ${message}`).join('; ')
  return `${status} ${code}: ${detail ?? title}${fields ? ` (${fields})` : ''}`
}
