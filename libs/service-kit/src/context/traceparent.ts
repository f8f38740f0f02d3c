import { randomHex } from './random-hex.ts'

const pattern = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/

export function isTraceparent(text: unknown): text is string {
  return typeof text === 'string' && pattern.test(text)
}

/** A new span: of the trace that `parent` names, or of a new one. */
export function newTraceparent(parent?: string): string {
  const ids = randomHex(24)
  const traceId = parent === undefined ? ids.slice(0, 32) : traceIdOf(parent)
  return `00-${traceId}-${ids.slice(32)}-01`
}

export function traceIdOf(traceparent: string): string {
  return traceparent.slice(3, 35)
}
