import { createHmac, timingSafeEqual } from 'node:crypto'
import type { LinkOptions } from '../objects.ts'

/** How the links of a store that has no URLs of its own are made, and known again. */
export interface LinkSigner {
  /** The path of the service's route that serves them, such as `/v1/downloads`; the key follows it. */
  path: string
  /** At least 32 secret bytes that are used for nothing else. */
  secret: Uint8Array
}

/** What a link allows: reading this object, as so and so. */
export interface SignedLink extends Pick<LinkOptions, 'contentType' | 'fileName'> {
  key: string
}

/** The path and query of a link that `openLink` accepts until it expires. */
export function signLink(
  signer: LinkSigner,
  { key, contentType, fileName }: SignedLink,
  expiresAt: Date,
): string {
  const expires = String(Math.floor(expiresAt.getTime() / 1_000))
  const query = new URLSearchParams({
    expires,
    ...(contentType !== undefined && { type: contentType }),
    ...(fileName !== undefined && { name: fileName }),
    signature: macOf(signer, [key, expires, contentType, fileName]).toString('base64url'),
  })
  return `${signer.path}/${key}?${query}`
}

export interface LinkQuery {
  expires: string
  type?: string | undefined
  name?: string | undefined
  signature: string
}

/** What the link allows, or null when it was not signed like this, or has expired. */
export function openLink(signer: LinkSigner, key: string, query: LinkQuery, now: Date): SignedLink | null {
  const { expires, type, name } = query
  const expected = macOf(signer, [key, expires, type, name])
  const given = Buffer.from(query.signature, 'base64url')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null
  if (!(now.getTime() < Number(expires) * 1_000)) return null
  return {
    key,
    ...(type !== undefined && { contentType: type }),
    ...(name !== undefined && { fileName: name }),
  }
}

function macOf({ secret }: LinkSigner, fields: (string | undefined)[]): Buffer {
  const message = JSON.stringify(fields.map((field) => field ?? null))
  return createHmac('sha256', secret).update(message).digest()
}
