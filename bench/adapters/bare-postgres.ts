import pg from 'pg'
import { type Note, noteOf } from './note.ts'
import { inTurn, keys, type OpenWork } from './work.ts'

const insert = `insert into documents."notes" ("id", "owner", "_expires_at", "_body", "_size")
      values ($1, $2, $3, $4, $5) on conflict do nothing returning id`
const get = `select _body as body from documents."notes" where id = $1 and (_expires_at is null or _expires_at > now())`

const bareWork =
  (operation: (pool: pg.Pool) => () => Promise<void>): OpenWork =>
  async ({ databaseUrl }) => {
    const pool = new pg.Pool({
      connectionString: databaseUrl,
      max: 20,
      statement_timeout: 4_000,
      query_timeout: 4_500,
    })
    return { once: operation(pool), [Symbol.asyncDispose]: () => pool.end() }
  }

export const bareInsert = bareWork((pool) => async () => {
  const note = noteOf()
  const json = JSON.stringify(note)
  const values = [note.id, note.owner, null, json, Buffer.byteLength(json)]
  const { rowCount } = await pool.query(insert, values)
  if (rowCount !== 1) throw new Error('a new row was refused')
})

export const bareGet = bareWork((pool) => {
  const nextKey = inTurn(keys, '')
  return async () => {
    const query = { name: 'get', text: get, values: [nextKey()] }
    const { rows } = await pool.query<{ body: Note }>(query)
    if (!rows[0]) throw new Error('a row is missing')
  }
})
