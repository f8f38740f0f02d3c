import createFetchClient, { type Client } from 'openapi-fetch'
import type { components, paths } from './generated/schema.ts'
import { createPatientFetch } from './patient-fetch.ts'
import { problemFrom } from './problem-error.ts'
import { createRefresh } from './refresh.ts'
import { serializeBody, serializePath } from './serialize.ts'
import { createSession, type Session, type Tokens } from './session.ts'

type User = components['schemas']['User']

export interface ClientOptions {
  /** Where the gateway answers, such as `http://localhost:8080`. */
  baseUrl: string
  /** Of an earlier session, to go on with it. */
  tokens?: Tokens
  /** Called whenever the tokens change, so that a program can keep them; null when the session ended. */
  onTokens?: (tokens: Tokens | null) => void
  /** Where the refresh token lives. Pages in a browser say `cookie`, so that no script can read it. */
  refreshTokenIn?: 'body' | 'cookie'
  fetch?: (request: Request) => Promise<Response>
}

export interface SandkeepClient {
  /** Every route by its path and method: `await answerOf(client.api.GET('/v1/me'))`. */
  readonly api: Client<paths>
  readonly session: Session
  /** Signs in, from then on every call is made for that account. Throws `ProblemError`. */
  login(credentials: { login: string; password: string }): Promise<User>
  /** Goes on with the session that the browser's cookie holds, as after a page was loaded again. False without one. */
  resume(): Promise<boolean>
  /** Ends the session, here and at the service. */
  logout(): Promise<void>
}

/**
 * A client of the API. Calls are signed, the access token is renewed when it expires, each POST carries one
 * Idempotency-Key over all its attempts, and what may be repeated is repeated when the API asks for patience.
 */
export function createClient(options: ClientOptions): SandkeepClient {
  const { baseUrl, tokens, onTokens, refreshTokenIn = 'body', fetch } = options
  const send = fetch ?? ((request: Request) => globalThis.fetch(request))
  const credentials = refreshTokenIn === 'cookie' ? 'include' : 'same-origin'
  const refresh = createRefresh({ baseUrl, send, credentials })
  const session = createSession({ refresh, tokens, onChange: onTokens })
  const api = createFetchClient<paths>({
    baseUrl,
    credentials,
    fetch: createPatientFetch({ session, fetch: send }),
    bodySerializer: serializeBody,
    pathSerializer: serializePath,
  })

  return {
    api,
    session,
    async login(body) {
      session.end()
      const answer = await answerOf(api.POST('/v1/auth/login', { body: { ...body, refreshTokenIn } }))
      session.begin(answer)
      return answer.user
    },
    async resume() {
      const answer = await refresh({ accessToken: '', refreshToken: undefined, expiresAt: 0 })
      if (answer !== null) session.begin(answer)
      return answer !== null
    },
    async logout() {
      const refreshToken = session.tokens()?.refreshToken
      await answerOf(
        api.POST('/v1/auth/logout', { body: refreshToken === undefined ? {} : { refreshToken } }),
      )
      session.end()
    },
  }
}

type Outcome = { data?: unknown; error?: unknown; response: Response }
type Success<O extends Outcome> = Exclude<O, { data?: never }>

/** What a call answered. Throws `ProblemError` when the API refused it. */
export async function answerOf<O extends Outcome>(call: Promise<O>): Promise<Success<O>['data']> {
  const { data, error, response } = await call
  if (!response.ok) throw problemFrom(response, error)
  return data
}
