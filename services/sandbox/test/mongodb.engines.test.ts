import { engines } from '@sandkeep/testkit'
import { afterAll, beforeAll, describe } from 'vitest'
import { stores } from './stores.ts'

const stack = new AsyncDisposableStack()
beforeAll(async () => {
  const { url } = stack.use(await engines.start('mongodb'))
  stores.documentsUrl = `${url}&timeoutMS=30000`
})
afterAll(() => stack.disposeAsync())

describe('on the MongoDB wire protocol (SecantusDB), as on PostgreSQL,', () => {
  describe('files:', async () => {
    await import('./file.test.ts')
  })
  describe('changes of several files:', async () => {
    await import('./change.test.ts')
  })
  describe('checkpoints and restores:', async () => {
    await import('./checkpoint.test.ts')
  })
  describe('forks:', async () => {
    await import('./fork.test.ts')
    await import('../src/fork/fork.test.ts')
  })
  describe('archives:', async () => {
    await import('./archive.test.ts')
  })
  describe('sweeps:', async () => {
    await import('../src/file/content-sweeper.test.ts')
  })
})
