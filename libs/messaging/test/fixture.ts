import { UserRole, UserStatus, userUpdated } from '@sandkeep/contracts'
import { type Database, newId, sql } from '@sandkeep/postgres'
import { testDatabase } from '@sandkeep/testkit'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { type Bus, migrations, openBus, outbox } from '../src/index.ts'

export const log = pino({ level: 'silent' })

/** A database with the messaging tables and a memory bus; both go with the stack. */
export async function messagingFixture(stack: AsyncDisposableStack): Promise<{
  db: Database
  bus: Bus
  metrics: Registry
}> {
  const { db } = stack.use(await testDatabase({ migrations: [migrations] }))
  const bus = stack.use(await openBus('memory:', { log, name: 'test' }))
  return { db, bus, metrics: new Registry() }
}

export const account = (userId: string, username = 'ada') => ({
  userId,
  username,
  role: UserRole.STUDENT,
  status: UserStatus.ACTIVE,
  emailVerified: true,
  changedFields: ['username'],
})

/** Commits `count` events about one account, versions counting up; answers the account's id. */
export async function announce(db: Database, count: number, userId = newId(), from = 1): Promise<string> {
  await db.transaction(async (tx) => {
    for (let version = from; version < from + count; version++) {
      const data = account(userId, `ada-${version}`)
      await outbox.add(tx, userUpdated, { aggregateId: userId, aggregateVersion: version, data })
    }
  })
  return userId
}

export async function pending(db: Database): Promise<number> {
  const row = await db.one<{ n: number }>(sql`select count(*) as n from messaging.outbox`)
  return row?.n ?? -1
}

/** Sum of a metric over its labels, or of those that have the given ones. */
export async function metricOf(
  metrics: Registry,
  name: string,
  labels: Record<string, string> = {},
): Promise<number> {
  const values = (await metrics.getSingleMetric(name)?.get())?.values ?? []
  return values
    .filter((value) => Object.entries(labels).every(([key, expected]) => value.labels[key] === expected))
    .reduce((sum, value) => sum + value.value, 0)
}
