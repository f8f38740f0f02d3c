import { MediaTypeError } from './file-errors.ts'

const types: Record<string, { mediaType: string; fileType: string }> = {
  erl: { mediaType: 'text/x-erlang', fileType: 'erlang' },
  hrl: { mediaType: 'text/x-erlang', fileType: 'erlang' },
  ex: { mediaType: 'text/x-elixir', fileType: 'elixir' },
  exs: { mediaType: 'text/x-elixir', fileType: 'elixir' },
  heex: { mediaType: 'text/html', fileType: 'html' },
  html: { mediaType: 'text/html', fileType: 'html' },
  css: { mediaType: 'text/css', fileType: 'css' },
  js: { mediaType: 'text/javascript', fileType: 'javascript' },
  json: { mediaType: 'application/json', fileType: 'json' },
  md: { mediaType: 'text/markdown', fileType: 'markdown' },
  livemd: { mediaType: 'text/markdown', fileType: 'livebook' },
  svg: { mediaType: 'image/svg+xml', fileType: 'image' },
  png: { mediaType: 'image/png', fileType: 'image' },
  jpg: { mediaType: 'image/jpeg', fileType: 'image' },
  yaml: { mediaType: 'application/yaml', fileType: 'yaml' },
  yml: { mediaType: 'application/yaml', fileType: 'yaml' },
  toml: { mediaType: 'application/toml', fileType: 'toml' },
  txt: { mediaType: 'text/plain', fileType: 'text' },
}

/** A media type without parameters. */
export const mediaTypePattern = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/

const maxLength = 100

const undeclared = 'application/octet-stream'

/** What an editor needs to know to colour a file: by its extension, else `text` or `binary`. */
export function fileTypeOf(path: string, encoding: 'utf-8' | 'binary'): string {
  return byExtension(path)?.fileType ?? (encoding === 'utf-8' ? 'text' : 'binary')
}

/** The declared type, unless it says nothing; then the one of the extension. */
export function mediaTypeOf(path: string, declared: string | undefined): string {
  const given = essenceOf(declared)
  const says = given !== '' && given !== undeclared && given !== 'application/x-www-form-urlencoded'
  return says ? given : (byExtension(path)?.mediaType ?? undeclared)
}

/** The declared type as it may be kept; refused when it is none or too long. */
export function declaredMediaType(header: string | undefined): string | undefined {
  const essence = essenceOf(header)
  if (essence === '') return undefined
  if (essence.length <= maxLength && mediaTypePattern.test(essence)) return essence
  throw new MediaTypeError(maxLength)
}

function essenceOf(declared: string | undefined): string {
  const [essence = ''] = (declared ?? '').split(';')
  return essence.trim().toLowerCase()
}

function byExtension(path: string): { mediaType: string; fileType: string } | undefined {
  const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''
  return Object.hasOwn(types, extension) ? types[extension] : undefined
}
