import { type Query, sql, type Tx } from '@sandkeep/postgres'
import type { Account, JsonObject, Profile } from './account.ts'
import { accountColumns } from './account-store.ts'

export type Person = Account & Profile

/** What a person may say of themselves. Absent stays, null clears. */
export interface ProfileChanges {
  avatarUrl?: string | null | undefined
  bio?: string | null | undefined
  learningPreferences?: JsonObject | undefined
}

const profileColumns = sql`
  avatar_url as "avatarUrl", bio, learning_preferences as "learningPreferences", skill_levels as "skillLevels",
  achievements, statistics`

export const findPerson = (tx: Tx, id: string): Promise<Person | null> =>
  tx.one<Person>(sql.named('find-person')`
    select account.*, ${profileColumns}
    from (select ${accountColumns} from users where id = ${id}) as account
      join user_profiles on user_id = account.id`)

export async function updateProfile(tx: Tx, userId: string, changes: ProfileChanges): Promise<void> {
  const assignments: Query[] = [
    ...(changes.avatarUrl === undefined ? [] : [sql`avatar_url = ${changes.avatarUrl}`]),
    ...(changes.bio === undefined ? [] : [sql`bio = ${changes.bio}`]),
    ...(changes.learningPreferences === undefined
      ? []
      : [sql`learning_preferences = ${JSON.stringify(changes.learningPreferences)}`]),
  ]
  if (assignments.length === 0) return
  await tx.run(sql`update user_profiles set ${sql.join(assignments)} where user_id = ${userId}`)
}
