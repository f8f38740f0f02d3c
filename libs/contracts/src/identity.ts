import { defineEvent } from './event-contract.ts'
import {
  UserEmailVerifiedSchema,
  UserLoggedInSchema,
  UserLoginFailedSchema,
  UserRegisteredSchema,
  UserRoleChangedSchema,
  UserStatusChangedSchema,
  UserUpdatedSchema,
} from './generated/identity/v1/events_pb.ts'

export {
  LoginFailure,
  LoginFailureSchema,
  UserRole,
  UserRoleSchema,
  UserStatus,
  UserStatusSchema,
} from './generated/identity/v1/events_pb.ts'

export const userRegistered = defineEvent(UserRegisteredSchema)
export const userUpdated = defineEvent(UserUpdatedSchema)
export const userRoleChanged = defineEvent(UserRoleChangedSchema)
export const userStatusChanged = defineEvent(UserStatusChangedSchema)
export const userEmailVerified = defineEvent(UserEmailVerifiedSchema)
export const userLoggedIn = defineEvent(UserLoggedInSchema)
export const userLoginFailed = defineEvent(UserLoginFailedSchema)
