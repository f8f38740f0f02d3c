import { DomainError } from '@sandkeep/service-kit'

export class CheckpointNotFoundError extends DomainError {
  override readonly name = 'CheckpointNotFoundError'
  constructor(id: string) {
    super({ kind: 'not_found', code: 'checkpoint_not_found', message: `The sandbox has no checkpoint ${id}` })
  }
}

export class StaleCheckpointError extends DomainError {
  override readonly name = 'StaleCheckpointError'
  constructor(id: string) {
    super({ kind: 'stale', code: 'stale_version', message: `Checkpoint ${id} has changed; read it again` })
  }
}

/** Edits came faster than the files could be read; nothing was kept. */
export class SandboxBusyError extends DomainError {
  override readonly name = 'SandboxBusyError'
  constructor(id: string) {
    super({
      kind: 'conflict',
      code: 'sandbox_busy',
      message: `Sandbox ${id} is being edited by others; try again`,
    })
  }
}

export class TooManyCheckpointsError extends DomainError {
  override readonly name = 'TooManyCheckpointsError'
  constructor(most: number) {
    super({
      kind: 'invalid',
      code: 'quota_exceeded',
      message: `A sandbox may have at most ${most} checkpoints; delete one first`,
    })
  }
}

export class CheckpointPinnedError extends DomainError {
  override readonly name = 'CheckpointPinnedError'
  constructor(id: string) {
    super({
      kind: 'conflict',
      code: 'checkpoint_pinned',
      message: `Checkpoint ${id} is pinned; unpin it first`,
    })
  }
}
