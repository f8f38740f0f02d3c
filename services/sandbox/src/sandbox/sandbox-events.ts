import {
  enumFromText,
  SandboxStatusReasonSchema,
  SandboxStatusSchema,
  SandboxTypeSchema,
  sandboxExpired,
  sandboxExpiryWarned,
  sandboxResumed,
  sandboxSuspended,
  sandboxTerminated,
  sandboxUpdated,
  timestampFromDate,
} from '@sandkeep/contracts'
import { outbox } from '@sandkeep/messaging'
import type { Tx } from '@sandkeep/postgres'
import type { Sandbox } from './sandbox.ts'

/** The whole state that every event about a sandbox carries. */
export const sandboxState = (it: Sandbox) => ({
  sandboxId: it.id,
  ownerId: it.ownerId,
  name: it.name,
  type: enumFromText(SandboxTypeSchema, it.type),
  status: enumFromText(SandboxStatusSchema, it.status),
  limits: { ...it.resourceLimits, maxMemoryBytes: BigInt(it.resourceLimits.maxMemoryBytes) },
  expiresAt: timestampFromDate(it.expiresAt),
  ...(it.statusReason === null
    ? {}
    : { statusReason: enumFromText(SandboxStatusReasonSchema, it.statusReason) }),
  ...(it.nodeName === null ? {} : { nodeName: it.nodeName }),
})

export const about = <T>(it: Sandbox, data: T) => ({
  aggregateId: it.id,
  aggregateVersion: it.version,
  data,
})

const recovery = (it: Sandbox) =>
  it.recoverableUntil === null ? {} : { recoverableUntil: timestampFromDate(it.recoverableUntil) }

export const createdEvent = (it: Sandbox) =>
  about(it, {
    sandbox: sandboxState(it),
    ...(it.forkedFromId === null ? {} : { forkedFromId: it.forkedFromId }),
    ...(it.forkedFromVersion === null ? {} : { forkedFromVersion: it.forkedFromVersion }),
  })

export const announceUpdated = (tx: Tx, it: Sandbox): Promise<void> =>
  outbox.add(tx, sandboxUpdated, about(it, { sandbox: sandboxState(it) }))

export const announceSuspended = (tx: Tx, it: Sandbox): Promise<void> =>
  outbox.add(tx, sandboxSuspended, about(it, { sandbox: sandboxState(it) }))

export const announceResumed = (tx: Tx, it: Sandbox): Promise<void> =>
  outbox.add(tx, sandboxResumed, about(it, { sandbox: sandboxState(it) }))

export const announceTerminated = (tx: Tx, it: Sandbox): Promise<void> =>
  outbox.add(tx, sandboxTerminated, about(it, { sandbox: sandboxState(it), ...recovery(it) }))

/** Its content goes with it: there is nothing left to recover. */
export const announceGone = (tx: Tx, it: Sandbox): Promise<void> =>
  outbox.add(tx, sandboxTerminated, about(it, { sandbox: sandboxState(it) }))

export const announceExpired = (tx: Tx, it: Sandbox): Promise<void> =>
  outbox.add(tx, sandboxExpired, about(it, { sandbox: sandboxState(it), ...recovery(it) }))

export const announceExpiryWarned = (tx: Tx, it: Sandbox, minutesBefore: number): Promise<void> =>
  outbox.add(tx, sandboxExpiryWarned, about(it, { sandbox: sandboxState(it), minutesBefore }))
