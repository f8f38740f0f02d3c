/** A name that no other round has, of lower-case letters only: it is part of the names of queues and databases. */
export function roundName(prefix: string, round: number): string {
  const letters = [...String(round)].map((digit) => String.fromCharCode(97 + Number(digit))).join('')
  const salt = Date.now()
    .toString(26)
    .replaceAll(/\d/g, (digit) => String.fromCharCode(113 + Number(digit)))
  return `${prefix.replaceAll('-', '')}${salt}${letters}`
}
