import { defaultLimits } from './resource-limits.ts'
import type { Sandbox } from './sandbox.ts'

/** A sandbox made at `now`, for tests of decisions. */
export function sandboxAt(now: Date, change: Partial<Sandbox> = {}): Sandbox {
  return {
    id: '0199aaaa-0000-7000-8000-000000000001',
    ownerId: '0199aaaa-0000-7000-8000-000000000002',
    name: 'Pipelines',
    description: null,
    type: 'development',
    status: 'active',
    statusReason: null,
    nodeName: null,
    resourceLimits: defaultLimits.development,
    configuration: {},
    metadata: {},
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
    recoverableUntil: null,
    expiresAt: new Date(now.getTime() + 24 * 3_600_000),
    ...change,
  }
}
