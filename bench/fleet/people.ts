import { hash } from '@node-rs/argon2'
import { type Database, sql } from '@sandkeep/postgres'

// The package's enum cannot be read by type stripping; 2 is Argon2id.
export const passwordCosts = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 }
export const password = 'Correct horse 9'

/** The SQL of the id of person number `:n`. */
export const personIdSql = `('00000000-0000-7000-8000-' || lpad(to_hex(:n::integer), 12, '0'))::uuid`

export const personId = (n: number): string => `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
export const personLogin = (n: number): string => `person${n}@example.org`
export const adminNumber = 1

/**
 * People 1 to `count`, who joined a minute apart and share one password: the first an administrator, every
 * twentieth an instructor, the others students. Indexes that are not unique are built afterwards.
 */
export async function seedPeople(db: Database, count: number): Promise<void> {
  const passwordHash = await hash(password, passwordCosts)
  const indexes = await db.query<{ name: string; definition: string }>(sql`
    select indexname as name, indexdef as definition from pg_indexes
    where tablename = 'users' and indexdef not like 'CREATE UNIQUE%'`)
  await db.transaction(async (tx) => {
    for (const { name } of indexes) await tx.run(sql`drop index ${sql.identifier(name)}`)
    await tx.run(sql`
      insert into users
        (id, email, username, password_hash, first_name, last_name, role, email_verified, created_at, updated_at)
      select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'person' || n || '@example.org',
        'person' || n, ${passwordHash}, 'Given' || n % 997, 'Family' || n % 9973,
        case when n = ${adminNumber} then 'admin' when n % 20 = 0 then 'instructor' else 'student' end,
        true, now() - (${count}::integer - n) * interval '1 minute', now()
      from generate_series(1, ${count}::integer) as n`)
  })
  await db.pool.query(indexes.map((it) => it.definition).join(';'))
  await db.pool.query('analyze users')
}
