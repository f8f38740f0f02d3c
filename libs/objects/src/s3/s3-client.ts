import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import type { S3Place } from './s3-url.ts'

const connectMs = 1_000
/** A store that says nothing for this long is out of reach. */
export const answerMs = 3_000
const maxSockets = 256

/** Two clients of one store: an upload may take as long as bytes flow, everything else must be answered. */
export function createClients(place: S3Place): { asking: S3Client; uploading: S3Client } {
  return {
    asking: createClient(place, { requestTimeout: answerMs, throwOnRequestTimeout: true }),
    uploading: createClient(place, { socketTimeout: answerMs }),
  }
}

/** Signs URLs for browsers; it is never asked itself. */
export const createPublicClient = ({ publicEndpoint, ...place }: S3Place): S3Client =>
  createClient(publicEndpoint === undefined ? place : { ...place, endpoint: publicEndpoint }, {})

interface Times {
  requestTimeout?: number
  throwOnRequestTimeout?: boolean
  socketTimeout?: number
}

function createClient({ region, endpoint, credentials }: S3Place, times: Times): S3Client {
  const config: S3ClientConfig = {
    region,
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
    // Attempts are counted by the adapter, and so are the checksums that it gives and verifies.
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    expectContinueHeader: false,
    requestHandler: {
      connectionTimeout: connectMs,
      httpAgent: { keepAlive: true, maxSockets },
      httpsAgent: { keepAlive: true, maxSockets },
      ...times,
    },
  }
  const client = new S3Client(config)
  client.middlewareStack.add(
    (next) => (args) => {
      if (hasHeaders(args.request)) signChecksum(args.request.headers)
      return next(args)
    },
    { step: 'build', name: 'signChecksum' },
  )
  return client
}

/** A body's SHA-256 is also what its signature covers: hashing it once is enough. */
function signChecksum(headers: Record<string, string>): void {
  const checksum = headers['x-amz-checksum-sha256']
  if (checksum !== undefined)
    headers['x-amz-content-sha256'] = Buffer.from(checksum, 'base64').toString('hex')
}

function hasHeaders(request: unknown): request is { headers: Record<string, string> } {
  return typeof request === 'object' && request !== null && 'headers' in request
}
