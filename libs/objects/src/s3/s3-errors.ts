import { ObjectKeyError, ObjectsUnavailableError } from '../errors.ts'
import { isTimeout, S3Refusal } from './s3-refusal.ts'

const folderClash = /^(ExistingObjectIsDirectory|ObjectParentIsFile|ExistingObjectIsFile)$/
const unknownKey = /^(InvalidAccessKeyId|SignatureDoesNotMatch|InvalidClientTokenId|XAdminUserNotFound)$/

/** Runs work of the port; what the store refuses becomes an error of the port, an error of the body passes. */
export async function storeWork<T>(at: { bucket: string; key?: string }, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof S3Refusal ? portError(error, at) : error
  }
}

function portError(refusal: S3Refusal, { bucket, key }: { bucket: string; key?: string }): Error {
  if (key !== undefined && folderClash.test(refusal.code)) {
    return new ObjectKeyError(key, 'is a folder of another key, or has a key as folder')
  }
  return new ObjectsUnavailableError(reasonOf(refusal, bucket), refusal)
}

function reasonOf(refusal: S3Refusal, bucket: string): string {
  const { status, code, message } = refusal
  if (isTimeout(refusal)) return 'it does not answer in time'
  if (code === 'NoSuchBucket') return `there is no bucket ${bucket}: create it, or correct OBJECTS_URL`
  if (code === 'RequestTimeTooSkewed')
    return 'the clocks of this machine and of the store differ: correct them'
  if (code === 'CredentialsProviderError') {
    return 'no credentials were found: put KEY:SECRET@ into OBJECTS_URL, or give this machine a role'
  }
  if (unknownKey.test(code)) return `it does not accept the key: correct KEY:SECRET in OBJECTS_URL (${code})`
  if (status === 403 || status === 401) return denied(bucket)
  if (status !== undefined) return `it answered ${status} ${code}: ${message}`
  return `it cannot be reached (${code}: ${message})`
}

const denied = (bucket: string): string =>
  `access to the bucket ${bucket} is denied: its key needs s3:GetObject, s3:PutObject, s3:DeleteObject, ` +
  's3:ListBucket, s3:ListBucketMultipartUploads, s3:AbortMultipartUpload and s3:ListMultipartUploadParts'
