import { Redis } from 'ioredis'
import { cacheContract } from '../test/cache-contract.ts'
import { openCache } from './index.ts'

cacheContract('redis:', async () => {
  const url = 'redis://127.0.0.1:46379'
  const admin = new Redis(url)
  return {
    open: (owner) => openCache(url, { owner }),
    now: () => performance.now(),
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    breakSubscriptions: async () => {
      await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
    },
    scheduleRuns: 10,
    [Symbol.asyncDispose]: async () => {
      admin.disconnect()
    },
  }
})
