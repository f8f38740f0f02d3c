/** One more step of a JSON pointer (RFC 6901). */
export function step(pointer: string, member: string): string {
  return `${pointer}/${member.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
