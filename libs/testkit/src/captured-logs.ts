/** A destination for pino that keeps what was logged, to read it and to prove what it does not hold. */
export interface CapturedLogs {
  write(line: string): void
  readonly lines: readonly Record<string, unknown>[]
  /** Throws with the line that holds one of the texts. */
  assertNone(secrets: readonly string[]): void
}

export function capturedLogs(): CapturedLogs {
  const raw: string[] = []
  return {
    write: (line) => void raw.push(line),
    get lines() {
      return raw.map((line): Record<string, unknown> => JSON.parse(line))
    },
    assertNone(secrets) {
      const leak = raw.find((line) => secrets.some((secret) => holds(line, secret)))
      if (leak !== undefined) throw new Error(`a log line holds a secret: ${leak}`)
    },
  }
}

/** As itself, or as it looks inside JSON, a URL or Base64. */
function holds(line: string, secret: string): boolean {
  const bytes = Buffer.from(secret)
  const forms = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]
  return [...forms, bytes.toString('base64'), bytes.toString('base64url')].some((form) => line.includes(form))
}
