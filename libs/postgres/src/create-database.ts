import pg from 'pg'
import { connectionConfig } from './connection.ts'
import { scramVerifier } from './scram.ts'
import { quoteIdentifier } from './sql.ts'

export interface NewDatabase {
  name: string
  /** The role that owns it and may log in. */
  owner: string
  password: string
}

const lock = 'sandkeep: create database'

/**
 * Makes the role and its database, or brings an existing role's password up to date. Nobody else's role
 * may connect to the database.
 */
export async function createDatabase(adminUrl: string, database: NewDatabase): Promise<void> {
  const client = new pg.Client(
    connectionConfig({ url: adminUrl, applicationName: 'create database', statementTimeoutMs: 60_000 }),
  )
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [lock])
    await ensureRole(client, database)
    await ensureDatabase(client, database)
  } finally {
    await client.end()
  }
}

async function ensureRole(client: pg.Client, { owner, password }: NewDatabase): Promise<void> {
  const verb = (await exists(client, 'select from pg_roles where rolname = $1', owner)) ? 'alter' : 'create'
  // The server gets the verifier only: statements end up in logs.
  const verifier = client.escapeLiteral(await scramVerifier(password))
  await client.query(`${verb} role ${quoteIdentifier(owner)} login password ${verifier}`)
}

async function ensureDatabase(client: pg.Client, { name, owner }: NewDatabase): Promise<void> {
  const database = quoteIdentifier(name)
  if (!(await exists(client, 'select from pg_database where datname = $1', name))) {
    await joinRole(client, owner)
    await client.query(
      `create database ${database} owner ${quoteIdentifier(owner)} template template0 encoding 'UTF8'`,
    )
  }
  await client.query(`revoke all on database ${database} from public`)
}

/** Who is no superuser must be a member of the role to which it gives the database. */
async function joinRole(client: pg.Client, owner: string): Promise<void> {
  const { rows } = await client.query<{ member: boolean }>(`select pg_has_role($1, 'member') as member`, [
    owner,
  ])
  if (rows[0]?.member !== true) await client.query(`grant ${quoteIdentifier(owner)} to current_user`)
}

const exists = async (client: pg.Client, text: string, value: string) =>
  (await client.query(text, [value])).rowCount === 1
