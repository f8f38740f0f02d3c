import type { Database } from '@sandkeep/postgres'
import { AccountNotFoundError, InvalidAccountError, usernameReserved } from './account-errors.ts'
import { announceUpdated } from './account-events.ts'
import { lockSeen, nameConflict, type Seen, updateLocked } from './account-lock.ts'
import { findPerson, type Person, type ProfileChanges, updateProfile } from './profile-store.ts'
import { isReservedUsername } from './username.ts'

export interface PersonChanges extends ProfileChanges {
  username?: string | undefined
  firstName?: string | null | undefined
  lastName?: string | null | undefined
}

export interface ProfileService {
  get: (userId: string) => Promise<Person>
  edit: (seen: Seen, changes: PersonChanges) => Promise<Person>
}

export function createProfileService(db: Database): ProfileService {
  async function get(userId: string): Promise<Person> {
    const person = await findPerson(db, userId)
    if (!person) throw new AccountNotFoundError()
    return person
  }

  async function edit(seen: Seen, changes: PersonChanges): Promise<Person> {
    const { username, firstName, lastName, ...profile } = changes
    await db
      .transaction(async (tx) => {
        const before = await lockSeen(tx, seen)
        if (Object.keys(changes).length === 0) return
        if (username !== undefined && username !== before.username && isReservedUsername(username))
          throw new InvalidAccountError([usernameReserved])
        const account = await updateLocked(tx, before, { username, firstName, lastName })
        await updateProfile(tx, seen.id, profile)
        await announceUpdated(tx, account, Object.keys(changes))
      })
      .catch(nameConflict)
    return await get(seen.id)
  }

  return { get, edit }
}
