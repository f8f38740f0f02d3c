import type { JsonValue } from '@sandkeep/contracts'
import { decideLimits, type ResourceLimits } from './resource-limits.ts'
import type { Actor, Sandbox } from './sandbox.ts'
import { ForbiddenFieldError } from './sandbox-errors.ts'
import { requireActive } from './sandbox-lifecycle.ts'

/** What a person may change directly. Absent stays, null clears. */
export interface SandboxChanges {
  name?: string | undefined
  description?: string | null | undefined
  resourceLimits?: ResourceLimits | undefined
  configuration?: Record<string, JsonValue> | undefined
  metadata?: Record<string, JsonValue> | undefined
  nodeName?: string | null | undefined
}

export function applyChanges(sandbox: Sandbox, actor: Actor, changes: SandboxChanges): Sandbox {
  requireActive(sandbox, 'be changed')
  if (changes.nodeName !== undefined && actor.role !== 'admin') throw new ForbiddenFieldError('nodeName')
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
  const changed = { ...sandbox, ...given }
  return changes.resourceLimits === undefined
    ? changed
    : { ...changed, resourceLimits: decideLimits(sandbox.type, actor.role, changes.resourceLimits) }
}
