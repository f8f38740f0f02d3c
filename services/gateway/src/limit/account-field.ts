import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { refuseLargeBody } from '../forward/body-relay.ts'
import { BodyTooLargeError, BodyTooSlowError } from '../forward/forward-errors.ts'

/** Bodies of sign-in routes are this small, so that they may be held whole while the account is looked up in them. */
const maxAuthBodyBytes = 16_384

/** Reads such a body. Throws when it is too large, or does not arrive within `deadlineMs`. */
export async function readAuthBody(request: IncomingMessage, deadlineMs = 5_000): Promise<Buffer> {
  refuseLargeBody(request, maxAuthBodyBytes)
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new BodyTooSlowError(deadlineMs)), deadlineMs)
  try {
    return await Promise.race([collect(request), late.promise])
  } finally {
    clearTimeout(timer)
  }
}

async function collect(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  // Destroying the request would take the connection with it, and with that the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length
    if (bytes > maxAuthBodyBytes) throw new BodyTooLargeError(maxAuthBodyBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Which account a sign-in body is about, as a key that does not name it; null when it names none. */
export function accountKey(body: Buffer): string | null {
  const account = accountIn(body)
  return account === null
    ? null
    : createHash('sha256').update(account.trim().toLowerCase()).digest('base64url')
}

function accountIn(body: Buffer): string | null {
  try {
    const { login, email } = Object(JSON.parse(body.toString()))
    return [login, email].find((value) => typeof value === 'string') ?? null
  } catch {
    return null
  }
}
