import { DomainError, type Role } from '@sandkeep/service-kit'
import type { ResourceLimits } from './resource-limits.ts'
import type { Sandbox, SandboxStatus } from './sandbox.ts'

export class SandboxNotFoundError extends DomainError {
  override readonly name = 'SandboxNotFoundError'
  constructor(id: string) {
    super({ kind: 'not_found', code: 'sandbox_not_found', message: `There is no sandbox ${id}` })
  }
}

export class LimitAboveCeilingError extends DomainError {
  override readonly name = 'LimitAboveCeilingError'
  constructor(role: Role, keys: readonly (keyof ResourceLimits)[], ceiling: ResourceLimits) {
    super({
      kind: 'invalid',
      code: 'limit_above_ceiling',
      message: `Resource limits above what the role ${role} may use: ${keys.join(', ')}`,
      errors: keys.map((key) => ({
        pointer: `/resourceLimits/${key}`,
        code: 'above_ceiling',
        message: `must be at most ${ceiling[key]}`,
      })),
    })
  }
}

const whatNext: Record<SandboxStatus, string> = {
  active: 'it is in use already',
  inactive: 'its time is over; resume it first',
  suspended: 'resume it first',
  terminated: 'resume it first to recover it',
}

const stateCodes: Record<SandboxStatus, string> = {
  active: 'sandbox_active',
  inactive: 'sandbox_inactive',
  suspended: 'sandbox_suspended',
  terminated: 'sandbox_terminated',
}

/** A command met a sandbox in a state that does not allow it. The code names the state. */
export class WrongStateError extends DomainError {
  override readonly name = 'WrongStateError'
  constructor(sandbox: Pick<Sandbox, 'id' | 'status'>, command: string) {
    super({
      kind: 'conflict',
      code: stateCodes[sandbox.status],
      message: `Sandbox ${sandbox.id} is ${sandbox.status}, so it cannot ${command}: ${whatNext[sandbox.status]}`,
    })
  }
}

export class NotRecoverableError extends DomainError {
  override readonly name = 'NotRecoverableError'
  constructor(id: string, until: Date) {
    super({
      kind: 'conflict',
      code: 'sandbox_not_recoverable',
      message: `Sandbox ${id} could be recovered until ${until.toISOString()}`,
    })
  }
}

export class StoppedByAdminError extends DomainError {
  override readonly name = 'StoppedByAdminError'
  constructor(id: string) {
    super({
      kind: 'forbidden',
      code: 'sandbox_stopped_by_admin',
      message: `Sandbox ${id} was stopped by an administrator; only an administrator can resume it`,
    })
  }
}

export class SandboxLimitReachedError extends DomainError {
  override readonly name = 'SandboxLimitReachedError'
  constructor(limit: number) {
    super({
      kind: 'conflict',
      code: 'sandbox_limit_reached',
      message: `At most ${limit} sandboxes can be active at once; suspend or delete one first`,
    })
  }
}

export class OwnerNotActiveError extends DomainError {
  override readonly name = 'OwnerNotActiveError'
  constructor() {
    super({
      kind: 'forbidden',
      code: 'owner_not_active',
      message: 'The account that owns the sandbox is not active, so its sandboxes stay as they are',
    })
  }
}

export class UnknownOwnerError extends DomainError {
  override readonly name = 'UnknownOwnerError'
  constructor(id: string) {
    super({
      kind: 'invalid',
      code: 'unknown_reference',
      message: `There is no account ${id}`,
      errors: [{ pointer: '/ownerId', code: 'unknown_reference', message: 'must be the id of an account' }],
    })
  }
}

export class StaleSandboxError extends DomainError {
  override readonly name = 'StaleSandboxError'
  constructor(id: string, version: number) {
    super({
      kind: 'stale',
      code: 'stale_version',
      message: `Sandbox ${id} has changed and is at version ${version}; read it again`,
    })
  }
}

export class ForbiddenFieldError extends DomainError {
  override readonly name = 'ForbiddenFieldError'
  constructor(field: string, place = '') {
    super({
      kind: 'forbidden',
      code: 'field_not_allowed',
      message: `Only an administrator may set ${field}`,
      errors: [
        {
          pointer: `${place}/${field}`,
          code: 'field_not_allowed',
          message: 'may be set by an administrator only',
        },
      ],
    })
  }
}
