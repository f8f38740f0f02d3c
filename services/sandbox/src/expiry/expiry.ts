import type { Sandbox, SandboxType } from '../sandbox/sandbox.ts'
import { ExpiryOutOfBoundsError } from './expiry-errors.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const defaultLifetimeMs = dayMs
const recoveryMs = 30 * dayMs
export const warningMinutes = [60, 10] as const
export type WarningMinutes = (typeof warningMinutes)[number]

const shortestLifetimeMs = 10 * minuteMs

interface Lifetime {
  /** How far ahead of now an expiry may be set. */
  longestMs: number
  /** An edit keeps the sandbox for at least this long; 0 where the time is part of the task. */
  keptAfterEditMs: number
}

const lifetimes: Record<SandboxType, Lifetime> = {
  development: { longestMs: 30 * dayMs, keptAfterEditMs: 2 * hourMs },
  tutorial: { longestMs: 7 * dayMs, keptAfterEditMs: 2 * hourMs },
  exercise: { longestMs: 14 * dayMs, keptAfterEditMs: 2 * hourMs },
  assessment: { longestMs: dayMs, keptAfterEditMs: 0 },
  collaboration: { longestMs: 30 * dayMs, keptAfterEditMs: 2 * hourMs },
}

/** Edits move the expiry in steps of this size, so that typing does not move it with every save. */
const editStepMs = 15 * minuteMs

/** The expiry asked for, or a day from now; refused outside the type's bounds. */
export function chooseExpiry(type: SandboxType, asked: Date | undefined, now: Date): Date {
  if (asked === undefined) return after(now, defaultLifetimeMs)
  const earliest = after(now, shortestLifetimeMs)
  const latest = after(now, lifetimes[type].longestMs)
  if (asked < earliest || asked > latest) throw new ExpiryOutOfBoundsError(earliest, latest)
  return asked
}

/** A later expiry: the one asked for, or a day from now. An expiry is never brought forward. */
export function extendExpiry(sandbox: Sandbox, asked: Date | undefined, now: Date): Date {
  const chosen = chooseExpiry(sandbox.type, asked, now)
  if (chosen >= sandbox.expiresAt) return chosen
  if (asked === undefined) return sandbox.expiresAt
  throw new ExpiryOutOfBoundsError(sandbox.expiresAt, after(now, lifetimes[sandbox.type].longestMs))
}

/** The expiry that an edit made now brings about, or null when it leaves it alone. Only edits count as activity. */
export function expiryAfterEdit(sandbox: Pick<Sandbox, 'type' | 'expiresAt'>, now: Date): Date | null {
  const { keptAfterEditMs } = lifetimes[sandbox.type]
  const kept = after(now, keptAfterEditMs)
  return kept.getTime() - sandbox.expiresAt.getTime() >= editStepMs ? kept : null
}

/** The warning that is due and was not given yet: the nearest one only, should several be late. */
export function dueWarning(
  sandbox: Pick<Sandbox, 'expiresAt' | 'expiryWarningMinutes'>,
  now: Date,
): WarningMinutes | null {
  const left = sandbox.expiresAt.getTime() - now.getTime()
  const due = warningMinutes.findLast((minutes) => left <= minutes * minuteMs)
  const given = sandbox.expiryWarningMinutes ?? Number.POSITIVE_INFINITY
  return left > 0 && due !== undefined && due < given ? due : null
}

export function recoverableUntil(stoppedAt: Date): Date {
  return after(stoppedAt, recoveryMs)
}

function after(moment: Date, ms: number): Date {
  return new Date(moment.getTime() + ms)
}
