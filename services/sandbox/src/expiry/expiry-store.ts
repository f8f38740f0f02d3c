import { sql, type Tx } from '@sandkeep/postgres'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { sandboxColumns } from '../sandbox/sandbox-store.ts'
import { warningMinutes } from './expiry.ts'

const firstWarningMinutes = Math.max(...warningMinutes)

interface Due {
  id: string
  ownerId: string
}

/** Active sandboxes whose time is over, the longest over first. */
export const listExpired = (tx: Tx, now: Date, limit: number): Promise<Due[]> =>
  tx.query<Due>(sql`
    select id, user_id as "ownerId" from sandboxes
    where status = 'active' and expires_at <= ${now} order by expires_at limit ${limit}`)

/** Active sandboxes that may have to be warned; which warning, the domain says. */
export const listNearlyExpired = (tx: Tx, now: Date, limit: number): Promise<Sandbox[]> =>
  tx.query<Sandbox>(sql`
    select ${sandboxColumns} from sandboxes
    where status = 'active' and expires_at > ${now}
      and expires_at <= ${now}::timestamptz + make_interval(mins => ${firstWarningMinutes})
      and (expiry_warning_minutes is null
        or expires_at <= ${now}::timestamptz + make_interval(mins => expiry_warning_minutes - 1))
    order by expires_at limit ${limit}`)

/** Stopped sandboxes that nobody recovered in time. */
export const listLost = (tx: Tx, now: Date, limit: number): Promise<Due[]> =>
  tx.query<Due>(sql`
    select id, user_id as "ownerId" from sandboxes
    where recoverable_until <= ${now} order by recoverable_until limit ${limit}`)

/** The sandbox, locked, unless somebody else is at it. */
export const lockIfFree = (tx: Tx, id: string): Promise<Sandbox | null> =>
  tx.one<Sandbox>(sql`select ${sandboxColumns} from sandboxes where id = ${id} for update skip locked`)

/** With its tree, versions and checkpoints; stored content stays until the sweep finds it unreferenced. */
export const deleteSandbox = (tx: Tx, id: string): Promise<number> =>
  tx.run(sql`delete from sandboxes where id = ${id}`)
