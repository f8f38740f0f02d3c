import type { Bus } from '@sandkeep/messaging'
import { type Database, sql } from '@sandkeep/postgres'
import type { Point } from './faults.ts'

/** What makes the proof hold. Without any one of them it must fail: that shows that the proof can see. */
export const protections = ['confirms', 'inbox', 'same-transaction-outbox'] as const
export type Protection = (typeof protections)[number]

/** Where the process must be killed for the lack to show. */
export const tellingPoint: Record<Protection, Point> = {
  confirms: 'after-mark',
  inbox: 'before-acknowledge',
  'same-transaction-outbox': 'after-commit',
}

const networkMs = 50

/** A bus that calls everything confirmed that it was asked to publish, while it is still on its way. */
export function withoutConfirms(bus: Bus): Bus {
  return {
    ...bus,
    async publish(message) {
      setTimeout(() => void bus.publish(message), networkMs)
      return { confirmed: true }
    },
  }
}

/** An inbox that forgets at once. */
export async function withoutInbox(db: Database): Promise<void> {
  await db.run(sql`
    create function forget() returns trigger language plpgsql as $$
    begin
      delete from messaging.inbox where consumer = new.consumer and message_id = new.message_id;
      return null;
    end $$`)
  await db.run(
    sql`create trigger forget after insert on messaging.inbox for each row execute function forget()`,
  )
}
