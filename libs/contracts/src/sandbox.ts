import { defineEvent } from './event-contract.ts'
import {
  FileChangedSchema,
  FileDeletedSchema,
  SandboxCheckpointedSchema,
  SandboxCreatedSchema,
  SandboxExpiredSchema,
  SandboxExpiryWarnedSchema,
  SandboxRestoredSchema,
  SandboxResumedSchema,
  SandboxSuspendedSchema,
  SandboxTerminatedSchema,
  SandboxUpdatedSchema,
} from './generated/sandbox/v1/events_pb.ts'

export {
  SandboxStatus,
  SandboxStatusReason,
  SandboxStatusReasonSchema,
  SandboxStatusSchema,
  SandboxType,
  SandboxTypeSchema,
} from './generated/sandbox/v1/events_pb.ts'

export const sandboxCreated = defineEvent(SandboxCreatedSchema)
export const sandboxUpdated = defineEvent(SandboxUpdatedSchema)
export const sandboxCheckpointed = defineEvent(SandboxCheckpointedSchema)
export const sandboxRestored = defineEvent(SandboxRestoredSchema)
export const sandboxSuspended = defineEvent(SandboxSuspendedSchema)
export const sandboxResumed = defineEvent(SandboxResumedSchema)
export const sandboxExpiryWarned = defineEvent(SandboxExpiryWarnedSchema)
export const sandboxExpired = defineEvent(SandboxExpiredSchema)
export const sandboxTerminated = defineEvent(SandboxTerminatedSchema)
export const fileChanged = defineEvent(FileChangedSchema)
export const fileDeleted = defineEvent(FileDeletedSchema)
