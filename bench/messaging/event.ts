import { UserRole, UserStatus, userUpdated } from '@sandkeep/contracts'
import { outbox } from '@sandkeep/messaging'
import { type Database, newId, sql } from '@sandkeep/postgres'

/** Of an event as a change to an account announces it. */
const dataOf = (userId: string) => ({
  userId,
  username: 'ada',
  role: UserRole.STUDENT,
  status: UserStatus.ACTIVE,
  emailVerified: true,
  changedFields: ['username'],
})

/** Commits one event, and answers the aggregate that it is about. */
export async function announceOne(db: Database): Promise<string> {
  const userId = newId()
  await db.transaction((tx) =>
    outbox.add(tx, userUpdated, { aggregateId: userId, aggregateVersion: 1, data: dataOf(userId) }),
  )
  return userId
}

/** Commits `count` events at once. */
export async function announceMany(db: Database, count: number): Promise<void> {
  const userId = newId()
  const data = JSON.stringify(userUpdated.toJson(dataOf(userId)))
  await db.transaction(async (tx) => {
    await tx.run(sql`insert into messaging.outbox
        (id, aggregate_type, aggregate_id, aggregate_version, type, data)
      select gen_random_uuid(), ${userUpdated.aggregate}, gen_random_uuid()::text, 1, ${userUpdated.type},
        ${data}::jsonb from generate_series(1, ${count}::integer)`)
    await tx.query(sql`select pg_notify('messaging_outbox', '')`)
  })
}
