import { type JsonValue, sandboxCreated } from '@sandkeep/contracts'
import { outbox } from '@sandkeep/messaging'
import { isNotNullViolation, newId, type Query, sql, type Tx } from '@sandkeep/postgres'
import type { Account } from '../account-reference/account.ts'
import { chooseExpiry } from '../expiry/expiry.ts'
import { decideLimits, type ResourceLimits } from './resource-limits.ts'
import type { Sandbox, SandboxType } from './sandbox.ts'
import { createdEvent } from './sandbox-events.ts'
import { newSandboxColumns, sandboxRow } from './sandbox-store.ts'

export interface NewSandbox {
  name: string
  description?: string | undefined
  type: SandboxType
  resourceLimits?: ResourceLimits | undefined
  configuration?: Record<string, JsonValue> | undefined
  metadata?: Record<string, JsonValue> | undefined
  expiresAt?: Date | undefined
}

export function newSandbox(owner: Pick<Account, 'id' | 'role'>, it: NewSandbox, now: Date): Sandbox {
  return {
    id: newId(),
    ownerId: owner.id,
    name: it.name,
    description: it.description ?? null,
    type: it.type,
    status: 'active',
    statusReason: null,
    nodeName: null,
    resourceLimits: decideLimits(it.type, owner.role, it.resourceLimits),
    configuration: it.configuration ?? {},
    metadata: it.metadata ?? {},
    version: 1,
    fileCount: 0,
    totalBytes: 0,
    historyBytes: 0,
    forkedFromId: null,
    forkedFromVersion: null,
    expiryWarningMinutes: null,
    createdAt: now,
    updatedAt: now,
    lastAccessedAt: null,
    expiresAt: chooseExpiry(it.type, it.expiresAt, now),
    recoverableUntil: null,
  }
}

interface Insertion {
  /** How many active sandboxes the owner may have. */
  limit: number
}

/**
 * One statement: the place among the owner's active sandboxes, the sandbox and its event. False when the owner has
 * no place left or is not active. An owner not known yet is taken from the token.
 */
export async function insertSandbox(
  tx: Tx,
  sandbox: Sandbox,
  owner: Pick<Account, 'role'>,
  { limit }: Insertion,
): Promise<boolean> {
  const inserted = await tx.run(sql`
    with place as (${takePlaceFor(sandbox, owner, limit)}),
    created as (
      insert into sandboxes (${newSandboxColumns}) select ${sandboxRow(sandbox, sql`place.id`)} from place returning id
    ), announced as (
      ${outbox.row(sandboxCreated, createdEvent(sandbox))} from created
    )
    select id from created`)
  return inserted > 0
}

/**
 * The same, once for the row of an Idempotency-Key. A key that is taken leaves all undone. Without a place there is
 * no owner to write, and the column's constraint undoes the key as well.
 */
export async function insertSandboxOnce(
  tx: Tx,
  sandbox: Sandbox,
  owner: Pick<Account, 'role'>,
  { limit, key }: Insertion & { key: Query },
): Promise<'created' | 'repeated' | 'no_place'> {
  try {
    const inserted = await tx.run(sql.named('create-sandbox')`
      with key as (${key}), place as (${takePlaceFor(sandbox, owner, limit, sql`exists (select from key)`)}),
      created as (
        insert into sandboxes (${newSandboxColumns})
        select ${sandboxRow(sandbox, sql`place.id`)} from key left join place on true returning id
      ), announced as (
        ${outbox.row(sandboxCreated, createdEvent(sandbox))} from created
      )
      select id from created`)
    return inserted > 0 ? 'created' : 'repeated'
  } catch (error) {
    if (isNotNullViolation(error, 'user_id')) return 'no_place'
    throw error
  }
}

const takePlaceFor = (
  { ownerId }: Sandbox,
  { role }: Pick<Account, 'role'>,
  limit: number,
  provided: Query = sql`true`,
): Query => sql`
  insert into account_refs (id, role, status, active_sandboxes)
  select ${ownerId}::uuid, ${role}, 'active', 1 where ${limit}::integer > 0 and ${provided}
  on conflict (id) do update set active_sandboxes = account_refs.active_sandboxes + 1
    where account_refs.status = 'active' and account_refs.active_sandboxes < ${limit}
  returning id`
