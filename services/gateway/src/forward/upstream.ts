import { DomainError } from '@sandkeep/service-kit'
import type { Dispatcher } from 'undici'
import { Pool } from 'undici'
import { type Answer, ask, type Question } from './ask.ts'
import { Exchange, type ExchangeOptions } from './exchange.ts'
import { failureOf, UpstreamError } from './forward-errors.ts'
import { createRetryBudget } from './retry-budget.ts'

/** One kind of traffic to a service: its connections are its own, so that long transfers cannot starve short calls. */
export interface LaneOptions {
  connections: number
  /** Requests under way or waiting for a connection; more are refused. */
  maxInFlight: number
  /** Longest wait for the first byte of the answer, the request's body included. */
  deadlineMs: number
  /** Longest silence inside an answer. */
  idleMs: number
}

export interface Upstream extends AsyncDisposable {
  readonly name: string
  readonly url: URL
  /** Sends the request on its lane; rejects with an UpstreamError while nothing was written to the client. */
  send(lane: 'call' | 'transfer', request: UpstreamRequest): Promise<void>
  /** A read that the gateway makes itself; rejects when the service does not answer. */
  ask(question: Question): Promise<Answer>
  inFlight(): number
}

export type UpstreamRequest = Pick<Dispatcher.DispatchOptions, 'path' | 'method' | 'headers' | 'body'> &
  Pick<ExchangeOptions, 'response' | 'onHead'>

const connectTimeoutMs = 5_000

export const callLane: LaneOptions = { connections: 64, maxInFlight: 256, deadlineMs: 10_000, idleMs: 10_000 }
export const transferLane: LaneOptions = {
  connections: 32,
  maxInFlight: 64,
  deadlineMs: 300_000,
  idleMs: 60_000,
}

export function openUpstream(
  name: string,
  url: string,
  lanes: { call: LaneOptions; transfer: LaneOptions } = { call: callLane, transfer: transferLane },
): Upstream {
  const origin = new URL(url)
  const opened = {
    call: openLane(name, origin, lanes.call),
    transfer: openLane(name, origin, lanes.transfer),
  }
  return {
    name,
    url: origin,
    send: (lane, request) => opened[lane].send(request),
    ask: (question) => ask(opened.call.pool, question),
    inFlight: () => opened.call.inFlight() + opened.transfer.inFlight(),
    async [Symbol.asyncDispose]() {
      await Promise.all([opened.call.close(), opened.transfer.close()])
    },
  }
}

function openLane(name: string, origin: URL, options: LaneOptions) {
  const budget = createRetryBudget()
  const pool = new Pool(origin, {
    connections: options.connections,
    allowH2: false,
    connectTimeout: connectTimeoutMs,
    headersTimeout: options.deadlineMs,
    bodyTimeout: options.idleMs,
    keepAliveTimeout: 4_000,
  })
  let inFlight = 0

  async function send(request: UpstreamRequest): Promise<void> {
    if (inFlight >= options.maxInFlight) throw new UpstreamError('busy', name)
    inFlight += 1
    budget.earn()
    try {
      await sendWithRetry(request)
    } finally {
      inFlight -= 1
    }
  }

  async function sendWithRetry(request: UpstreamRequest): Promise<void> {
    const startedAt = performance.now()
    try {
      await attempt(request, options.deadlineMs)
    } catch (error) {
      const leftMs = options.deadlineMs - (performance.now() - startedAt)
      if (!isWorthRetrying(request, error) || leftMs < 1 || !budget.spend()) throw asUpstreamError(error)
      await attempt(request, leftMs).catch((second: unknown) => Promise.reject(asUpstreamError(second)))
    }
  }

  function attempt(request: UpstreamRequest, deadlineMs: number): Promise<void> {
    const { path, method, headers, body, response, onHead } = request
    return new Promise((resolve, reject) => {
      const onDone = (error?: unknown): void => (error === undefined ? resolve() : reject(error))
      const exchange = new Exchange({ response, onHead, deadlineMs, onDone })
      pool.dispatch({ path, method, headers: headers ?? null, body: body ?? null }, exchange)
    })
  }

  // A body that was refused on its way is the client's fault and says so itself.
  const asUpstreamError = (error: unknown): Error =>
    error instanceof DomainError ? error : new UpstreamError(failureOf(error), name, error)
  return { pool, send, inFlight: () => inFlight, close: () => pool.close() }
}

// A read that was cut off (a service that restarted, a connection that went stale) changes nothing when asked again.
function isWorthRetrying(request: UpstreamRequest, error: unknown): boolean {
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  return isRead && request.body === undefined && !request.response.destroyed && failureOf(error) !== 'late'
}
