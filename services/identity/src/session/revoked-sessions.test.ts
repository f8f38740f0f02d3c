import { openCache } from '@sandkeep/cache'
import { newId, sql } from '@sandkeep/postgres'
import { testDatabase } from '@sandkeep/testkit'
import { afterEach, expect, test, vi } from 'vitest'
import { migrations } from '../migrations.ts'
import { openRevokedSessions } from './revoked-sessions.ts'

afterEach(() => {
  vi.useRealTimers()
})

test.each([-60_000, 0, 60_000])(
  'no revocation is missed by a process whose clock is %d ms off',
  async (offMs) => {
    await using stack = new AsyncDisposableStack()
    const { db } = stack.use(await testDatabase({ migrations }))
    const cache = stack.use(await openCache('memory:', { owner: 'identity' }))
    const revoke = async () => {
      const id = newId()
      await db.run(sql`insert into revocations (session_id, user_id, expires_at)
      values (${id}, ${newId()}, now() + interval '6 minutes')`)
      return id
    }
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + offMs })
    const before = await revoke()
    const sessions = await openRevokedSessions(db, cache, stack)
    const after = await revoke()
    await sessions.load()
    expect([before, after].map(sessions.has)).toEqual([true, true])
  },
)
