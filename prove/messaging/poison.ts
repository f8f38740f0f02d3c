import { userUpdated } from '@sandkeep/contracts'
import { newId } from '@sandkeep/postgres'
import type { Fleet } from './fleet.ts'

/** What no consumer can read: no envelope at all, or one whose data breaks its contract. */
export function createPoison(fleet: Fleet): { drop(): void; dropped(): string[] } {
  const dropped: string[] = []
  const mouth = fleet.stations.find(({ name }) => name === 'identity' || name === 'fleet')
  return {
    drop() {
      const id = newId()
      const body = dropped.length % 2 === 0 ? '{"specversion":' : JSON.stringify(spoilt(id))
      mouth?.order({ publish: { id, type: userUpdated.type, body } })
      dropped.push(id)
    },
    dropped: () => dropped,
  }
}

const spoilt = (id: string) => ({
  specversion: '1.0',
  id,
  source: '/sandkeep/identity',
  type: userUpdated.type,
  subject: newId(),
  sequence: 1,
  time: new Date().toISOString(),
  datacontenttype: 'application/json',
  data: { userId: 7 },
})
