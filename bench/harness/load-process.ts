import { randomUUID } from 'node:crypto'
import { Pool } from 'undici'
import { answerOnce } from './run-in-process.ts'
import { percentile } from './statistics.ts'

export type LoadRequest = {
  origin: string
  method: 'GET' | 'POST'
  /** Paths, tokens and bodies are each taken in turn. */
  paths: readonly string[]
  /** Access tokens. */
  tokens?: readonly string[]
  bodies?: readonly string[]
  /** Sends an Idempotency-Key of its own with each request. */
  idempotent?: boolean
  expectedStatus: number
  /** Requests under way at once. */
  callers: number
  seconds: number
  /** Where an earlier load left off. */
  firstTurn: number
}
export type LoadReport = { requests: number; seconds: number; p50Ms: number; p99Ms: number }

answerOnce(load)

/** A closed loop: each caller sends its next request when the last was answered. */
async function load(request: LoadRequest): Promise<LoadReport> {
  const pool = new Pool(request.origin, { connections: request.callers })
  const durations: number[] = []
  const started = performance.now()
  const end = started + request.seconds * 1000
  let turn = request.firstTurn
  const caller = async () => {
    while (performance.now() < end) {
      const sent = performance.now()
      await send(pool, request, turn++)
      durations.push(performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: request.callers }, caller))
  const seconds = (performance.now() - started) / 1000
  await pool.close()
  const sorted = Float64Array.from(durations).sort()
  return {
    requests: durations.length,
    seconds,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
  }
}

/** By the bare dispatch, since what it costs to send is taken from what is measured: all share the processors. */
function send(pool: Pool, request: LoadRequest, turn: number): Promise<void> {
  const body = inTurn(request.bodies, turn)
  const token = inTurn(request.tokens, turn)
  const headers: Record<string, string> = {}
  if (token) headers['authorization'] = `Bearer ${token}`
  if (body) headers['content-type'] = 'application/json'
  if (request.idempotent) headers['idempotency-key'] = randomUUID()
  const path = inTurn(request.paths, turn) ?? '/'
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let status = 0
  const chunks: Buffer[] = []
  pool.dispatch(
    { path, method: request.method, headers, body: body ?? null },
    {
      onRequestStart() {},
      onResponseStart: (_, statusCode) => {
        status = statusCode
      },
      onResponseData: (_, chunk) => {
        chunks.push(chunk)
      },
      onResponseEnd: () => {
        if (status === request.expectedStatus) resolve()
        else reject(new Error(`Answered ${status}: ${Buffer.concat(chunks).toString().slice(0, 300)}`))
      },
      onResponseError: (_, error) => reject(error),
    },
  )
  return promise
}

const inTurn = (values: readonly string[] | undefined, turn: number): string | undefined =>
  values?.[turn % values.length]
