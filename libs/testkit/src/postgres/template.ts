import { createHash } from 'node:crypto'
import { createDatabase, type MigrationSource, migrate, readMigrations } from '@sandkeep/postgres'
import type pg from 'pg'

/** Owns the test databases. No superuser, so that a privilege that production lacks is missed here too. */
export const owner = 'sandkeep_test'

export interface Template {
  name: string
  password: string
}

/** A database with the migrations applied, made once for each set of them and cloned from then on. */
export async function ensureTemplate(
  admin: pg.Client,
  adminUrl: string,
  migrations: MigrationSource[],
): Promise<Template> {
  const name = `template_${await digest(migrations)}`
  const password = createHash('sha256').update(adminUrl).digest('base64url')
  await admin.query('select pg_advisory_lock(hashtextextended($1, 0))', [name])
  const { rowCount } = await admin.query('select from pg_database where datname = $1', [name])
  if (rowCount === 0) {
    const unfinished = `${name}_unfinished`
    await admin.query(`drop database if exists "${unfinished}" with (force)`)
    await createDatabase(adminUrl, { name: unfinished, owner, password })
    await migrate(databaseUrl(adminUrl, unfinished, password), migrations)
    await admin.query(`alter database "${unfinished}" rename to "${name}"`)
  }
  return { name, password }
}

export function databaseUrl(adminUrl: string, name: string, password: string): string {
  const url = new URL(adminUrl)
  url.username = owner
  url.password = password
  url.pathname = `/${name}`
  return url.href
}

async function digest(sources: MigrationSource[]): Promise<string> {
  const hash = createHash('sha256')
  for (const { schema, directory } of sources) {
    hash.update(`schema ${schema}\n`)
    for (const { name, checksum } of await readMigrations(directory)) hash.update(`${name} ${checksum}\n`)
  }
  return hash.digest('hex').slice(0, 16)
}
