import type { JsonValue } from '@sandkeep/contracts'
import type { Role } from '@sandkeep/service-kit'
import type { ResourceLimits } from './resource-limits.ts'

export const sandboxTypes = ['development', 'tutorial', 'exercise', 'assessment', 'collaboration'] as const
export type SandboxType = (typeof sandboxTypes)[number]

export const sandboxStatuses = ['active', 'inactive', 'suspended', 'terminated'] as const
export type SandboxStatus = (typeof sandboxStatuses)[number]

/** Why a sandbox is not active. What an admin or the account's suspension stopped, its owner cannot resume alone. */
export const statusReasons = ['expired', 'owner', 'admin', 'account'] as const
export type StatusReason = (typeof statusReasons)[number]

/** A sandbox as the table holds it. */
export interface Sandbox {
  id: string
  ownerId: string
  name: string
  description: string | null
  type: SandboxType
  status: SandboxStatus
  statusReason: StatusReason | null
  nodeName: string | null
  resourceLimits: ResourceLimits
  configuration: Record<string, JsonValue>
  metadata: Record<string, JsonValue>
  version: number
  fileCount: number
  totalBytes: number
  historyBytes: number
  forkedFromId: string | null
  forkedFromVersion: number | null
  expiryWarningMinutes: number | null
  createdAt: Date
  updatedAt: Date
  lastAccessedAt: Date | null
  expiresAt: Date
  recoverableUntil: Date | null
}

export interface Actor {
  userId: string
  role: Role
}
