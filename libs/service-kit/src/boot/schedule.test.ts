import { capturedLogs } from '@sandkeep/testkit'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLogger } from '../log/create-logger.ts'
import { schedule } from './schedule.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const silent = pino({ level: 'silent' })
const minute = 60_000

test('a task runs after each pause, and before the first when told to', async () => {
  const runs = { later: 0, atOnce: 0 }
  await using _later = schedule({ name: 'later', pauseMs: minute, run: async () => runs.later++ }, silent)
  const task = { name: 'at once', pauseMs: minute, atOnce: true, run: async () => runs.atOnce++ }
  await using _atOnce = schedule(task, silent)
  expect(runs).toEqual({ later: 0, atOnce: 1 })
  await vi.advanceTimersByTimeAsync(3 * minute)
  expect(runs).toEqual({ later: 3, atOnce: 4 })
})

test('a failure is logged, and the next run tries again', async () => {
  const logs = capturedLogs()
  let runs = 0
  const run = async () => {
    if (++runs === 1) throw new Error('no database')
  }
  const log = createLogger({ name: 'notes', level: 'info', destination: logs })
  await using _task = schedule({ name: 'prune', pauseMs: minute, run }, log)
  await vi.advanceTimersByTimeAsync(2 * minute)
  expect(runs).toBe(2)
  expect(logs.lines).toMatchObject([{ level: 40, task: 'prune', err: { message: 'no database' } }])
})

test('an end waits for the run that is on, and no other follows', async () => {
  const done = Promise.withResolvers<void>()
  let runs = 0
  const run = () => {
    runs++
    return done.promise
  }
  const task = schedule({ name: 'slow', pauseMs: minute, run }, silent)
  await vi.advanceTimersByTimeAsync(minute)
  let hasEnded = false
  const end = task[Symbol.asyncDispose]().then(() => {
    hasEnded = true
  })
  await vi.advanceTimersByTimeAsync(minute)
  expect(hasEnded).toBe(false)
  done.resolve()
  await end
  await vi.advanceTimersByTimeAsync(10 * minute)
  expect(runs).toBe(1)
})
