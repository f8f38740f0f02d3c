import { expect, test } from 'vitest'
import { parseS3Url } from './s3-url.ts'

test('a URL names bucket, prefix, region, endpoint and key', () => {
  expect(
    parseS3Url('s3://key:se%2Fcret@bucket/folder?region=eu-west-1&endpoint=http://127.0.0.1:9000'),
  ).toEqual({
    bucket: 'bucket',
    prefix: 'folder/',
    region: 'eu-west-1',
    endpoint: 'http://127.0.0.1:9000',
    credentials: { accessKeyId: 'key', secretAccessKey: 'se/cret' },
  })
  expect(parseS3Url('s3://bucket')).toEqual({ bucket: 'bucket', prefix: '', region: 'us-east-1' })
})

test.each([
  ['s3://?region=x', 'names no bucket'],
  ['s3://key:secret@bucket/UPPER', 'must be segments of'],
  ['s3://key:secret@bucket/a/very/long/folder/name/more', 'has a prefix of more than 23 bytes'],
  ['s3://key@bucket', 'has only one of key and secret'],
  ['s3://bucket?endpont=http://x', 'has the unknown parameter "endpont"'],
  ['s3://bucket?endpoint=127.0.0.1:9000', 'has no http: or https: URL as its endpoint'],
])('%s is refused: %s', (url, reason) => {
  expect(() => parseS3Url(url)).toThrow(reason)
})

test('a refusal never tells the secret', () => {
  expect(() => parseS3Url('s3://key:hush@bucket?x=1')).toThrow(/^(?!.*hush)/)
})
