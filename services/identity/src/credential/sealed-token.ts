import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

const macBytes = 32

/** A key of 32 bytes for one purpose, so that no two uses of the one configured secret share a key. */
export const deriveKey = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', `sandkeep identity ${purpose}`, 32))

const mac = (key: Buffer, payload: Buffer): Buffer => createHmac('sha256', key).update(payload).digest()

/** The payload and its MAC as base64url. The same payload always gives the same token, so that none need be stored. */
export const sealToken = (key: Buffer, payload: Buffer): string =>
  Buffer.concat([payload, mac(key, payload)]).toString('base64url')

/** The payload of a token that was made with this key, or null. */
export function openToken(key: Buffer, token: string, payloadBytes: number): Buffer | null {
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.length !== payloadBytes + macBytes || bytes.toString('base64url') !== token) return null
  const payload = bytes.subarray(0, payloadBytes)
  return timingSafeEqual(mac(key, payload), bytes.subarray(payloadBytes)) ? payload : null
}
