/** Inclusive, as in HTTP. */
export interface Span {
  first: number
  last: number
}

const oneRange = /^bytes=(\d*)-(\d*)$/

/**
 * What `Range` asks of so many bytes: a span, `unsatisfiable`, or `all` where the header is absent, asks for several
 * ranges at once, or is none that this server knows; an answer may then hold everything (RFC 9110, 14.2).
 */
export function spanOf(header: string | undefined, sizeBytes: number): Span | 'all' | 'unsatisfiable' {
  const match = oneRange.exec(header ?? '')
  if (match === null) return 'all'
  const [, from = '', to = ''] = match
  if (from === '' && to === '') return 'all'
  if (from !== '' && to !== '' && Number(to) < Number(from)) return 'all'
  const first = from === '' ? Math.max(0, sizeBytes - Number(to)) : Number(from)
  const last = from === '' || to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1)
  return first <= last ? { first, last } : 'unsatisfiable'
}
