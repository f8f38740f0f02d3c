import pg from 'pg'

/** A connection with a name, whose text form of values is the same on every server; ends with the stack. */
export async function openSession(url: string, stack: AsyncDisposableStack): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'promote', keepAlive: true })
  client.on('error', () => {}) // the pending call rejects with it
  await client.connect()
  stack.defer(() => client.end())
  await client.query(`set timezone = 'UTC'; set datestyle = 'ISO'; set intervalstyle = 'postgres';
    set bytea_output = 'hex'; set extra_float_digits = 1; set statement_timeout = 0`)
  return client
}

/** Reads everything as it is now, whatever happens meanwhile. */
export const beginSnapshot = (client: pg.Client) =>
  client.query('begin isolation level repeatable read read only')

export async function inTransaction<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    const result = await work()
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}
