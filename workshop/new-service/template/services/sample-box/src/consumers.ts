import { userRegistered, userUpdated } from '@sandkeep/contracts'
import { type ConsumerDefinition, consumer } from '@sandkeep/messaging'
import { onPersonNamed } from './person/on-person-named.ts'

export const consumers: ConsumerDefinition[] = [
  consumer({
    queue: 'sample-box.people',
    ordered: true,
    handlers: [onPersonNamed(userRegistered), onPersonNamed(userUpdated)],
  }),
]
