import type { Session } from './session.ts'

export interface PatientFetchOptions {
  session: Session
  fetch?: (request: Request) => Promise<Response>
  /** How often one call is repeated when the API asks for patience or a connection breaks. */
  maxRetries?: number
  /** A longer `Retry-After` is not waited for: the answer is handed back. */
  maxWaitMs?: number
}

const isRead = (request: Request): boolean => request.method === 'GET' || request.method === 'HEAD'

// What a second arrival cannot change: reads, and writes that carry the key that makes them one.
const isRepeatable = (request: Request): boolean => isRead(request) || request.headers.has('idempotency-key')

// 429 and 503 say that nothing was done. A plain PATCH is left alone, because a proxy may have said it.
const isPatient = (request: Request): boolean =>
  isRepeatable(request) ||
  request.method === 'PUT' ||
  request.method === 'DELETE' ||
  request.headers.has('if-match')

/** Whether the answer asks to come again, and the call may. After 502 and 504 nobody knows what was done. */
function mayComeAgain({ status }: Response, request: Request): boolean {
  if (status === 429 || status === 503) return isPatient(request)
  return (status === 502 || status === 504) && isRepeatable(request)
}

/**
 * A fetch that signs requests with the session, renews it once when it is refused, gives every POST one
 * Idempotency-Key for all its attempts, and repeats what may be repeated.
 */
export function createPatientFetch(options: PatientFetchOptions): (request: Request) => Promise<Response> {
  const { session, maxRetries = 2, maxWaitMs = 5_000 } = options
  const send = options.fetch ?? ((request: Request) => globalThis.fetch(request))

  return async (request) => {
    if (request.method === 'POST' && !request.headers.has('idempotency-key')) {
      request.headers.set('idempotency-key', crypto.randomUUID())
    }
    return sendSigned(request)
  }

  async function sendSigned(request: Request): Promise<Response> {
    if (request.headers.has('authorization')) return sendPatiently(request, request)
    const bearer = await session.bearer()
    const answer = await sendPatiently(request, signed(request, bearer))
    if (answer.status !== 401 || bearer === null) return answer
    const renewed = await session.renew(bearer)
    if (renewed === null) return answer
    await answer.body?.cancel()
    return sendPatiently(request, signed(request, renewed))
  }

  async function sendPatiently(original: Request, request: Request): Promise<Response> {
    for (let retry = 0; ; retry += 1) {
      const isLast = retry === maxRetries
      const attempt = isLast ? request : request.clone()
      const answer = await sendOnce(attempt, !isLast && isRepeatable(original))
      if (answer === null) {
        await wait(100 * 2 ** retry, original.signal)
        continue
      }
      const waitMs = Number(answer.headers.get('retry-after') ?? Number.NaN) * 1_000
      if (isLast || !mayComeAgain(answer, original) || !(waitMs <= maxWaitMs)) return answer
      await answer.body?.cancel()
      await wait(waitMs, original.signal)
    }
  }

  async function sendOnce(request: Request, mayBreak: boolean): Promise<Response | null> {
    try {
      return await send(request)
    } catch (error) {
      if (!mayBreak || request.signal.aborted) throw error
      return null
    }
  }
}

function signed(request: Request, bearer: string | null): Request {
  const copy = request.clone()
  if (bearer !== null) copy.headers.set('authorization', `Bearer ${bearer}`)
  return copy
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
