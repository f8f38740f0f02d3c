import { openAccessTokenIssuer } from '@sandkeep/identity'
import { type Database, newId, sql } from '@sandkeep/postgres'
import { createLogger } from '@sandkeep/service-kit'

/** Of the five minutes that a token lives. */
const tokenMs = 120_000
const personCount = 40

export interface Person {
  id: string
  /** One that is good for some minutes. */
  token(): string
}

export interface People {
  all: readonly Person[]
  /** Mints new tokens when it is time; keeps the old ones while the database is away. */
  renew(): Promise<void>
}

/** Students with accounts, known to identity. */
export async function openPeople(db: Database, { secret }: { secret: string }): Promise<People> {
  const ids = Array.from({ length: personCount }, () => newId())
  await db.run(sql`
    insert into users (id, email, username, password_hash, first_name, last_name, role, email_verified)
    select id, 'person' || n || '@example.org', 'person' || n, 'none', 'Given', 'Family', 'student', true
    from unnest(${ids}::uuid[]) with ordinality as it (id, n)`)
  await db.run(sql`insert into user_profiles (user_id) select unnest(${ids}::uuid[])`)
  const log = createLogger({ name: 'prover', level: 'silent' })
  const issue = await openAccessTokenIssuer({ db, secret, issuer: 'sandkeep', log })
  const tokens = new Map<string, string>()
  let renewAt = 0

  const renew = async () => {
    if (Date.now() < renewAt) return
    for (const id of ids) tokens.set(id, issue({ userId: id, role: 'student', sessionId: newId() }))
    renewAt = Date.now() + tokenMs
  }
  await renew()
  return { all: ids.map((id) => ({ id, token: () => tokens.get(id) ?? '' })), renew }
}
