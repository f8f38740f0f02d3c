import { randomUUID } from 'node:crypto'
import { Pool } from 'undici'
import { percentile } from './statistics.ts'

export type LoadRequest = {
  origin: string
  method: 'GET' | 'POST'
  /** Taken in turn. */
  paths: string[]
  headers: Record<string, string>
  /** `{unique}` in it becomes another value for each request. */
  body?: string
  /** Sends an Idempotency-Key of its own with each request. */
  idempotent?: boolean
  expectedStatus: number
  concurrency: number
  seconds: number
}
export type LoadReport = { requests: number; seconds: number; p50Ms: number; p99Ms: number }

process.once('message', (request: LoadRequest) => {
  void load(request).then((report) => process.send?.(report))
})

/** A closed loop: each of `concurrency` callers sends its next request when the last was answered. */
async function load(request: LoadRequest): Promise<LoadReport> {
  const pool = new Pool(request.origin, { connections: request.concurrency })
  const durations: number[] = []
  const started = performance.now()
  const end = started + request.seconds * 1000
  let turn = 0
  const caller = async () => {
    while (performance.now() < end) {
      const sent = performance.now()
      await send(pool, request, turn++)
      durations.push(performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: request.concurrency }, caller))
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

async function send(pool: Pool, request: LoadRequest, turn: number): Promise<void> {
  const headers = { ...request.headers }
  if (request.idempotent) headers['idempotency-key'] = randomUUID()
  const { statusCode, body } = await pool.request({
    path: request.paths[turn % request.paths.length] ?? '/',
    method: request.method,
    headers,
    ...(request.body ? { body: request.body.replaceAll('{unique}', randomUUID()) } : {}),
  })
  const text = await body.text()
  if (statusCode !== request.expectedStatus) throw new Error(`Answered ${statusCode}: ${text.slice(0, 300)}`)
}
