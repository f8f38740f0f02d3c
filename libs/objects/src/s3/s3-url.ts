import { checkKey } from '../object-key.ts'

/** Where an S3 store is, and as whom it is used. */
export interface S3Place {
  bucket: string
  /** Before every key; empty, or a folder with its closing slash. */
  prefix: string
  region: string
  /** Of a store that is not AWS; it is addressed path-style. */
  endpoint?: string
  /** The endpoint as browsers reach it, where that differs. */
  publicEndpoint?: string
  /** Absent: the client's own chain finds them (environment, profile, role of the machine). */
  credentials?: { accessKeyId: string; secretAccessKey: string }
}

const form =
  's3://[KEY:SECRET@]BUCKET[/PREFIX]?region=us-east-1[&endpoint=https://host:port][&publicEndpoint=https://host]'
/** Keys of the port have up to 1,000 bytes, those of S3 up to 1,024. */
const maxPrefixBytes = 24
const parameters = new Set(['region', 'endpoint', 'publicEndpoint'])

/** Reads `s3://…`; throws a TypeError that names what is wrong and the whole form, and never tells the secret. */
export function parseS3Url(url: string): S3Place {
  if (!URL.canParse(url)) throw refusal('is not a URL: percent-encode what is special in the secret')
  const { hostname: bucket, pathname, searchParams, username, password } = new URL(url)
  if (bucket === '') throw refusal('names no bucket')
  for (const name of searchParams.keys()) {
    if (!parameters.has(name)) throw refusal(`has the unknown parameter ${JSON.stringify(name)}`)
  }
  if ((username === '') !== (password === '')) throw refusal('has only one of key and secret')
  const endpoint = origin(searchParams.get('endpoint'), 'endpoint')
  const publicEndpoint = origin(searchParams.get('publicEndpoint'), 'publicEndpoint')
  return {
    bucket,
    prefix: prefixOf(pathname),
    region: searchParams.get('region') ?? 'us-east-1',
    ...(endpoint !== undefined && { endpoint }),
    ...(publicEndpoint !== undefined && { publicEndpoint }),
    ...(username !== '' && {
      credentials: {
        accessKeyId: decodeURIComponent(username),
        secretAccessKey: decodeURIComponent(password),
      },
    }),
  }
}

function prefixOf(pathname: string): string {
  const folder = pathname.replace(/^\/|\/$/g, '')
  if (folder === '') return ''
  checkKey(folder)
  if (folder.length >= maxPrefixBytes) throw refusal(`has a prefix of more than ${maxPrefixBytes - 1} bytes`)
  return `${folder}/`
}

function origin(text: string | null, name: string): string | undefined {
  if (text === null) return undefined
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw refusal(`has no http: or https: URL as its ${name}`)
  }
  return text
}

const refusal = (what: string) => new TypeError(`The s3: URL of the objects ${what}. It must be ${form}`)
