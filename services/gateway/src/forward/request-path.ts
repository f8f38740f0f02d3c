const allowedCharacters = /^(?:[\w\-.~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})+$/
// A backslash, dot or control character that is encoded, an empty segment, a dot segment.
const ambiguous = /%(?:2[Ee]|5[Cc]|[01][0-9A-Fa-f]|7[Ff])|\/\/|\/\.{1,2}(?:\/|$)/
const encodedSlash = /%2F/gi

/**
 * Says why the path of a request target is refused, or null.
 * Gateway and services must read the same path, so whatever two parsers could read differently is refused. Encoded
 * slashes are for routes that end in a path of its own, such as that of a file, and count as slashes there.
 */
export function pathProblem(target: string, { encodedSlashes = false } = {}): string | null {
  const query = target.indexOf('?')
  const path = query === -1 ? target : target.slice(0, query)
  if (!path.startsWith('/')) return 'The request target must be a path that starts with a slash.'
  if (!allowedCharacters.test(path)) return 'The path holds a character that must be percent-encoded.'
  if (!encodedSlashes && path.search(encodedSlash) !== -1) return 'The path holds an encoded slash.'
  if (ambiguous.test(path.replace(encodedSlash, '/')))
    return 'The path holds an empty segment, a dot segment, or an encoded dot, backslash or control character.'
  return null
}
