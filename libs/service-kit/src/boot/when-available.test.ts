import { capturedLogs } from '@sandkeep/testkit'
import { expect, test } from 'vitest'
import { createLogger } from '../log/create-logger.ts'
import { whenAvailable } from './when-available.ts'

class AwayError extends Error {
  readonly kind = 'unavailable'
}

test('an engine that is away is named and waited for; another fault ends the wait', async () => {
  const logs = capturedLogs()
  const log = createLogger({ name: 'test', level: 'info', destination: logs })
  let calls = 0
  const open = async () => {
    if (++calls === 1) throw new AwayError('nobody there')
    return 'opened'
  }
  expect(await whenAvailable('MongoDB', log, open)).toBe('opened')
  expect(logs.lines.map((line) => line['msg'])).toEqual(['waiting for MongoDB, which is not there yet'])
  const refuse = async () => {
    throw new Error('wrong password')
  }
  await expect(whenAvailable('MongoDB', log, refuse)).rejects.toThrow('wrong password')
})
