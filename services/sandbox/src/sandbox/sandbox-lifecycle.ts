import { chooseExpiry, recoverableUntil } from '../expiry/expiry.ts'
import type { Actor, Sandbox, SandboxStatus, StatusReason } from './sandbox.ts'
import { NotRecoverableError, StoppedByAdminError, WrongStateError } from './sandbox-errors.ts'

export type Command = 'suspend' | 'resume' | 'expire' | 'terminate'

/** Which command leads from which states where; all else is refused. */
export const transitions: Record<Command, { from: readonly SandboxStatus[]; to: SandboxStatus }> = {
  suspend: { from: ['active'], to: 'suspended' },
  resume: { from: ['suspended', 'inactive', 'terminated'], to: 'active' },
  expire: { from: ['active'], to: 'inactive' },
  terminate: { from: ['active', 'inactive', 'suspended'], to: 'terminated' },
}

export function requireActive(sandbox: Sandbox, command: string): void {
  if (sandbox.status !== 'active') throw new WrongStateError(sandbox, command)
}

export function suspend(sandbox: Sandbox, reason: StatusReason): Sandbox {
  return { ...move(sandbox, 'suspend'), statusReason: reason }
}

export function expire(sandbox: Sandbox, now: Date): Sandbox {
  return { ...move(sandbox, 'expire'), statusReason: 'expired', recoverableUntil: recoverableUntil(now) }
}

/** An admin's stop stays an admin's, so that an owner cannot undo it by deleting and recovering. */
export function terminate(sandbox: Sandbox, actor: Actor, now: Date): Sandbox {
  const reason = sandbox.statusReason === 'admin' ? 'admin' : reasonOf(sandbox, actor)
  return { ...move(sandbox, 'terminate'), statusReason: reason, recoverableUntil: recoverableUntil(now) }
}

/** Back to active, with a fresh expiry where the old one has passed. */
export function resume(sandbox: Sandbox, actor: Actor, now: Date): Sandbox {
  const moved = move(sandbox, 'resume')
  if (sandbox.statusReason === 'admin' && actor.role !== 'admin') throw new StoppedByAdminError(sandbox.id)
  if (sandbox.recoverableUntil !== null && sandbox.recoverableUntil <= now) {
    throw new NotRecoverableError(sandbox.id, sandbox.recoverableUntil)
  }
  const resumed = { ...moved, statusReason: null, recoverableUntil: null }
  return sandbox.expiresAt > now ? resumed : withExpiry(resumed, chooseExpiry(sandbox.type, undefined, now))
}

/** Another expiry brings its own warnings. */
export function withExpiry(sandbox: Sandbox, expiresAt: Date): Sandbox {
  return { ...sandbox, expiresAt, expiryWarningMinutes: null }
}

export function reasonOf(sandbox: Pick<Sandbox, 'ownerId'>, actor: Actor): StatusReason {
  return sandbox.ownerId === actor.userId ? 'owner' : 'admin'
}

function move(sandbox: Sandbox, command: Command): Sandbox {
  const { from, to } = transitions[command]
  if (!from.includes(sandbox.status)) throw new WrongStateError(sandbox, command)
  return { ...sandbox, status: to }
}
