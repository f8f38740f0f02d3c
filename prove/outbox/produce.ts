import { UserRole, UserStatus, userUpdated } from '@sandkeep/contracts'
import { outbox } from '@sandkeep/messaging'
import { type Database, sql, type Tx } from '@sandkeep/postgres'
import type { PairCommand } from './pair-protocol.ts'

/** Changes an aggregate and announces it, in one transaction. */
export async function produce(db: Database, command: PairCommand): Promise<void> {
  await db.transaction(async (tx) => announce(tx, command, await change(tx, command)))
}

/** The same in two: what is forbidden everywhere else. */
export async function produceInTwo(db: Database, command: PairCommand, between: () => void): Promise<void> {
  const version = await db.transaction((tx) => change(tx, command))
  between()
  await db.transaction((tx) => announce(tx, command, version))
}

async function change(tx: Tx, { id, aggregateId }: PairCommand): Promise<number> {
  const row = await tx.one<{ version: number }>(sql`
    insert into aggregates as it (id, version) values (${aggregateId}, 1)
    on conflict (id) do update set version = it.version + 1 returning version`)
  const version = row?.version ?? 0
  await tx.run(
    sql`insert into changes (command_id, aggregate_id, version) values (${id}, ${aggregateId}, ${version})`,
  )
  return version
}

async function announce(tx: Tx, { id, aggregateId }: PairCommand, aggregateVersion: number): Promise<void> {
  await outbox.add(tx, userUpdated, {
    aggregateId,
    aggregateVersion,
    data: {
      userId: aggregateId,
      username: id, // carries the command through the event
      role: UserRole.STUDENT,
      status: UserStatus.ACTIVE,
      emailVerified: true,
      changedFields: [],
    },
  })
}
