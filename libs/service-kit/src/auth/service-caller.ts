import { request } from 'undici'
import { context } from '../context/context.ts'
import { newTraceparent } from '../context/traceparent.ts'
import { DomainError } from '../problem/domain-error.ts'
import { type ServiceTokens, serviceTokenHeader } from './service-token.ts'

/** A service did not answer, or not with what was asked for, before the deadline. */
export class ServiceUnavailableError extends DomainError {
  override readonly name = 'ServiceUnavailableError'
  constructor(target: string, cause: unknown) {
    super(
      {
        kind: 'unavailable',
        code: 'service_unavailable',
        message: `The service ${target} does not answer just now, so nothing was changed. Try again shortly.`,
        retryAfterSeconds: 2,
      },
      { cause },
    )
  }
}

export interface ServiceTarget {
  /** The callee's name: the audience of the token. */
  name: string
  /** Its base address. */
  url: string
}

export interface ServiceAsk {
  /** Path and query. */
  path: string
  deadlineMs: number
  signal?: AbortSignal
}

export type ServiceCaller = (target: ServiceTarget, ask: ServiceAsk) => Promise<unknown>

const largestAnswerBytes = 8 * 1024 * 1024

/**
 * Asks another service of the fleet (GET, JSON) under our own name. Answers the parsed body, or null for 404.
 * Throws `ServiceUnavailableError` for everything else: no answer in time, a failure, a refusal, no JSON.
 */
export function createServiceCaller(tokens: ServiceTokens): ServiceCaller {
  return async (target, ask) => {
    try {
      return await get(target, ask, await tokens.tokenFor(target.name))
    } catch (error) {
      throw new ServiceUnavailableError(target.name, error)
    }
  }
}

async function get(target: ServiceTarget, ask: ServiceAsk, token: string): Promise<unknown> {
  const deadline = AbortSignal.timeout(ask.deadlineMs)
  const { statusCode, body } = await request(new URL(ask.path, target.url), {
    headers: {
      accept: 'application/json',
      [serviceTokenHeader]: token,
      traceparent: newTraceparent(context.current()?.traceparent),
    },
    signal: ask.signal ? AbortSignal.any([ask.signal, deadline]) : deadline,
  })
  const text = await readBounded(body)
  if (statusCode === 404) return null
  if (statusCode !== 200) throw new Error(`${target.name} answered ${statusCode}`)
  return JSON.parse(text)
}

async function readBounded(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > largestAnswerBytes) throw new Error('the answer is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
