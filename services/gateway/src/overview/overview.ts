import type { Answer, Question } from '../forward/ask.ts'
import type { Json } from '../reference/document.ts'
import { isObject } from '../reference/document.ts'
import type { ServiceName } from '../upstreams.ts'

export type Part = { status: 'ok'; data: Json } | { status: 'unavailable'; code: string }

export type AskService = (service: ServiceName, question: Pick<Question, 'path'>) => Promise<Answer>

/** Asks all parts at once. Each is the answer of one route, or the reason why it is not there. */
export async function composeOverview(askService: AskService) {
  const [me, sessions, sandboxes] = await Promise.all([
    partOf(askService, 'identity', '/v1/me'),
    partOf(askService, 'identity', '/v1/me/sessions'),
    partOf(askService, 'sandbox', '/v1/sandboxes?ownerId=me&limit=5'),
  ])
  return { parts: { me, sessions, sandboxes } }
}

async function partOf(askService: AskService, service: ServiceName, path: string): Promise<Part> {
  try {
    const { statusCode, body } = await askService(service, { path })
    if (statusCode === 200) return { status: 'ok', data: body }
    const code = isObject(body) && typeof body['code'] === 'string' ? body['code'] : 'refused'
    return { status: 'unavailable', code }
  } catch {
    return { status: 'unavailable', code: 'upstream_unavailable' }
  }
}
