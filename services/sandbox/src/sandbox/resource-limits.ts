import type { Role } from '@sandkeep/service-kit'
import type { SandboxType } from './sandbox.ts'
import { LimitAboveCeilingError } from './sandbox-errors.ts'

/** What an outside runner may give a sandbox; stored, checked and published here. */
export interface ResourceLimits {
  maxMemoryBytes: number
  maxProcesses: number
  maxExecutionSeconds: number
}

export const limitKeys = ['maxMemoryBytes', 'maxProcesses', 'maxExecutionSeconds'] as const

const mebibyte = 1_048_576
const gibibyte = 1024 * mebibyte
const hourSeconds = 3600

export const smallestLimits: ResourceLimits = {
  maxMemoryBytes: 16 * mebibyte,
  maxProcesses: 16,
  maxExecutionSeconds: 1,
}

export const defaultLimits: Record<SandboxType, ResourceLimits> = {
  development: { maxMemoryBytes: 512 * mebibyte, maxProcesses: 10_000, maxExecutionSeconds: hourSeconds },
  tutorial: { maxMemoryBytes: 256 * mebibyte, maxProcesses: 5_000, maxExecutionSeconds: 600 },
  exercise: { maxMemoryBytes: 256 * mebibyte, maxProcesses: 5_000, maxExecutionSeconds: 300 },
  assessment: { maxMemoryBytes: 256 * mebibyte, maxProcesses: 5_000, maxExecutionSeconds: 300 },
  collaboration: { maxMemoryBytes: gibibyte, maxProcesses: 20_000, maxExecutionSeconds: hourSeconds },
}

/** The largest values a person of the role may ask for. The admin's are the bounds of the table's check, too. */
export const limitCeilings: Record<Role, ResourceLimits> = {
  student: { maxMemoryBytes: gibibyte, maxProcesses: 50_000, maxExecutionSeconds: 4 * hourSeconds },
  instructor: { maxMemoryBytes: 4 * gibibyte, maxProcesses: 200_000, maxExecutionSeconds: 24 * hourSeconds },
  admin: { maxMemoryBytes: 16 * gibibyte, maxProcesses: 1_000_000, maxExecutionSeconds: 168 * hourSeconds },
}

/** The limits asked for, or the type's defaults; refused where they are above the role's ceiling. */
export function decideLimits(type: SandboxType, role: Role, asked?: ResourceLimits): ResourceLimits {
  if (asked === undefined) return defaultLimits[type]
  const ceiling = limitCeilings[role]
  const above = limitKeys.filter((key) => asked[key] > ceiling[key])
  if (above.length > 0) throw new LimitAboveCeilingError(role, above, ceiling)
  return asked
}
