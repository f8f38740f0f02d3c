import type { Answer, Question } from '../forward/ask.ts'
import type { Json } from '../reference/document.ts'
import { isObject } from '../reference/document.ts'
import type { ServiceName } from '../upstreams.ts'

export type Part = { status: 'ok'; data: Json } | { status: 'unavailable'; code: string }

export interface Overview {
  parts: Record<string, Part>
}

/** What `/v1/me/overview` is composed of: each part is the answer of one route, or the reason why it is not there. */
export const overviewParts = [
  { name: 'me', service: 'identity', path: '/v1/me' },
  { name: 'sessions', service: 'identity', path: '/v1/me/sessions' },
  { name: 'sandboxes', service: 'sandbox', path: '/v1/sandboxes?limit=5' },
] as const satisfies { name: string; service: ServiceName; path: string }[]

export type AskService = (service: ServiceName, question: Pick<Question, 'path'>) => Promise<Answer>

/** Asks all parts at once; one that fails leaves a mark instead of a hole. */
export async function composeOverview(askService: AskService): Promise<Overview> {
  const entries = overviewParts.map(
    async ({ name, service, path }) => [name, await partOf(askService, service, path)] as const,
  )
  return { parts: Object.fromEntries(await Promise.all(entries)) }
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
