import { engines } from '@sandkeep/testkit'
import { afterAll, beforeAll, describe } from 'vitest'
import { stores } from './stores.ts'

const stack = new AsyncDisposableStack()
beforeAll(async () => {
  const { url } = stack.use(await engines.start('s3'))
  let tests = 0
  stores.objectsUrl = async () => url.replace('?', `/test-${tests++}?`)
})
afterAll(() => stack.disposeAsync())

describe('on S3 (versitygw), as on a directory,', () => {
  describe('files:', async () => {
    await import('./file.test.ts')
  })
  describe('links:', async () => {
    await import('./link.test.ts')
  })
  describe('checkpoints and restores:', async () => {
    await import('./checkpoint.test.ts')
  })
  describe('forks:', async () => {
    await import('./fork.test.ts')
  })
  describe('archives:', async () => {
    await import('./archive.test.ts')
  })
  describe('sweeps:', async () => {
    await import('../src/file/content-sweeper.test.ts')
  })
})
