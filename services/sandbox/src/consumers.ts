import {
  userEmailVerified,
  userRegistered,
  userRoleChanged,
  userStatusChanged,
  userUpdated,
} from '@sandkeep/contracts'
import { type ConsumerDefinition, consumer } from '@sandkeep/messaging'
import { onAccountEvent } from './account-reference/on-account-event.ts'

export const consumers: ConsumerDefinition[] = [
  consumer({
    queue: 'sandbox.accounts',
    ordered: true,
    handlers: [
      onAccountEvent(userRegistered),
      onAccountEvent(userUpdated),
      onAccountEvent(userEmailVerified),
      onAccountEvent(userRoleChanged),
      onAccountEvent(userStatusChanged),
    ],
  }),
]
