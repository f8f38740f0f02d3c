import type { EventContract } from '@sandkeep/contracts'
import { type Handler, handle } from '@sandkeep/messaging'
import { savePerson } from './person-store.ts'

/** Keeps the newest name that identity announced of a person. */
export const onPersonNamed = <T extends { userId: string; username: string }>(
  contract: EventContract<T>,
): Handler =>
  handle(
    contract,
    ({ event, tx }) => savePerson(tx, { id: event.data.userId, username: event.data.username }),
    {
      newestOnly: true,
    },
  )
