import { createHash, createHmac } from 'node:crypto'
import type { AskedRequest } from './http-fault.ts'

const authorization =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=/

/**
 * The `authorization` header of a request that was signed (AWS Signature Version 4, path as it is sent) before some of
 * its headers were taken away; undefined when it was not signed. Not for bodies that are signed piece by piece.
 */
export function signAgain({ method, url, headers }: AskedRequest, secret: string): string | undefined {
  const match = authorization.exec(headers.authorization ?? '')
  if (match === null) return undefined
  const [, key = '', day = '', region = '', service = '', names = ''] = match
  const signed = names.split(';').filter((name) => headers[name] !== undefined)
  const [path = '', query = ''] = url.split('?')
  const request = [
    method,
    path,
    query.split('&').map(withValue).sort().join('&'),
    ...signed.map((name) => `${name}:${String(headers[name]).trim().replaceAll(/ +/g, ' ')}`),
    '',
    signed.join(';'),
    String(headers['x-amz-content-sha256']),
  ].join('\n')
  const scope = `${day}/${region}/${service}/aws4_request`
  const text = ['AWS4-HMAC-SHA256', String(headers['x-amz-date']), scope, sha256(request)].join('\n')
  const signingKey = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secret}`)
  const signature = hmac(signingKey, text).toString('hex')
  return `AWS4-HMAC-SHA256 Credential=${key}/${scope}, SignedHeaders=${signed.join(';')}, Signature=${signature}`
}

const withValue = (part: string) => (part === '' || part.includes('=') ? part : `${part}=`)
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
