import { problemFrom } from './problem-error.ts'
import type { TokenAnswer, Tokens } from './session.ts'

export interface RefreshOptions {
  baseUrl: string
  send: (request: Request) => Promise<Response>
  credentials: 'include' | 'same-origin'
}

/** Asks for the next tokens; null when the session has ended. Throws `ProblemError` when it cannot be told. */
export function createRefresh({ baseUrl, send, credentials }: RefreshOptions) {
  return async ({ refreshToken }: Tokens): Promise<TokenAnswer | null> => {
    const response = await send(
      new Request(new URL('/v1/auth/refresh', baseUrl), {
        method: 'POST',
        credentials,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ refreshToken }),
      }),
    )
    if (response.status === 401) return null
    const answer: unknown = await response.json().catch(() => undefined)
    if (!response.ok || !isTokenAnswer(answer)) throw problemFrom(response, answer)
    return answer
  }
}

function isTokenAnswer(answer: unknown): answer is TokenAnswer {
  return (
    typeof answer === 'object' && answer !== null && 'accessToken' in answer && 'expiresInSeconds' in answer
  )
}
