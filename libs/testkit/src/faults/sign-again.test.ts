import { expect, test } from 'vitest'
import { signAgain } from './sign-again.ts'

/** The first example of "Authenticating Requests" in the documentation of Amazon S3. */
const documented = {
  host: 'examplebucket.s3.amazonaws.com',
  range: 'bytes=0-9',
  'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'x-amz-date': '20130524T000000Z',
}
const credential = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request'
const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'

test('a request without the header that was taken away is signed as if it had never had it', () => {
  const names = 'host;if-none-match;range;x-amz-content-sha256;x-amz-date'
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=0`
  const headers = { ...documented, authorization }
  expect(signAgain({ method: 'GET', url: '/test.txt', headers }, secret)).toBe(
    `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, ` +
      'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  )
})

test('a request that nobody signed stays so', () => {
  expect(signAgain({ method: 'GET', url: '/test.txt', headers: documented }, secret)).toBeUndefined()
})
