/** What a login or a refresh answers, as far as the client needs it. */
export interface TokenAnswer {
  accessToken: string
  expiresInSeconds: number
  refreshToken?: string | undefined
}

export interface Tokens {
  accessToken: string
  /** Absent in browsers, where an HttpOnly cookie holds it. */
  refreshToken: string | undefined
  /** Epoch ms. */
  expiresAt: number
}

export interface Session {
  tokens(): Tokens | null
  /** Keeps the tokens of a login. */
  begin(answer: TokenAnswer): void
  end(): void
  /** The bearer to send: refreshed first when it is about to expire, null when nobody is signed in. */
  bearer(): Promise<string | null>
  /** A bearer other than `refused`; however many calls ask at once, one refresh is made. Null when signing in is needed. */
  renew(refused: string): Promise<string | null>
}

export interface SessionOptions {
  refresh: (tokens: Tokens) => Promise<TokenAnswer | null>
  tokens?: Tokens | undefined
  /** Called whenever the tokens change, so that a program can keep them; null when the session ended. */
  onChange?: ((tokens: Tokens | null) => void) | undefined
  now?: () => number
}

// A token that expires on the way is refused; one this close to its end is not sent any more.
const marginMs = 10_000

export function createSession({ refresh, tokens, onChange, now = Date.now }: SessionOptions): Session {
  let current: Tokens | null = tokens ?? null
  let refreshing: Promise<string | null> | null = null

  function change(next: Tokens | null): void {
    current = next
    onChange?.(next)
  }

  function begin({ accessToken, refreshToken, expiresInSeconds }: TokenAnswer): void {
    change({ accessToken, refreshToken, expiresAt: now() + expiresInSeconds * 1_000 })
  }

  async function refreshOnce(from: Tokens): Promise<string | null> {
    const answer = await refresh(from)
    // Somebody signed in or out meanwhile: theirs counts.
    if (current !== from) return current?.accessToken ?? null
    if (answer === null) change(null)
    else begin({ refreshToken: from.refreshToken, ...answer })
    return answer?.accessToken ?? null
  }

  function refreshTogether(from: Tokens): Promise<string | null> {
    refreshing ??= refreshOnce(from).finally(() => {
      refreshing = null
    })
    return refreshing
  }

  return {
    tokens: () => current,
    begin,
    end: () => change(null),
    async bearer() {
      if (current === null) return null
      return current.expiresAt - marginMs > now() ? current.accessToken : refreshTogether(current)
    },
    async renew(refused) {
      if (current === null) return null
      return current.accessToken === refused ? refreshTogether(current) : current.accessToken
    },
  }
}
