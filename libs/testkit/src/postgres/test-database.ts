import { randomUUID } from 'node:crypto'
import { type Database, type MigrationSource, openPostgres } from '@sandkeep/postgres'
import pg from 'pg'
import { sharedServerUrl } from './shared-server.ts'
import { databaseUrl, ensureTemplate, owner } from './template.ts'

export interface TestDatabase extends AsyncDisposable {
  /** As its owner, who is no superuser. */
  url: string
  /** Of the same server's superuser, at the database `postgres`. */
  adminUrl: string
  db: Database
}

export interface TestDatabaseOptions {
  migrations: MigrationSource[]
  /** Of the superuser of a server to use instead of the shared one. */
  serverUrl?: string
}

/** A database of the caller's own with the migrations applied, dropped when disposed. */
export async function testDatabase({ migrations, serverUrl }: TestDatabaseOptions): Promise<TestDatabase> {
  const adminUrl = serverUrl ?? (await sharedServerUrl())
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const template = await asAdmin(adminUrl, async (admin) => {
    const made = await ensureTemplate(admin, adminUrl, migrations)
    await admin.query(`create database "${name}" template "${made.name}" owner "${owner}"`)
    return made
  })
  const url = databaseUrl(adminUrl, name, template.password)
  const db = await openPostgres({ url, applicationName: 'test', max: 10 })
  return {
    url,
    adminUrl,
    db,
    async [Symbol.asyncDispose]() {
      await db[Symbol.asyncDispose]()
      await asAdmin(adminUrl, (admin) => admin.query(`drop database if exists "${name}" with (force)`))
    },
  }
}

async function asAdmin<T>(adminUrl: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client(adminUrl)
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}
