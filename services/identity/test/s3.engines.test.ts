import { engines } from '@sandkeep/testkit'
import { afterAll, beforeAll, describe } from 'vitest'
import { stores } from './stores.ts'

const stack = new AsyncDisposableStack()
beforeAll(async () => {
  const { url } = stack.use(await engines.start('s3'))
  stores.objectsUrl = url
})
afterAll(() => stack.disposeAsync())

describe('on S3 (versitygw), as on a directory, avatars:', async () => {
  await import('./avatar.test.ts')
})
