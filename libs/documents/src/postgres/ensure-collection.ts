import { type Database, sql, type Tx } from '@sandkeep/postgres'
import type { Key, Layout } from '../definition.ts'
import { CollectionDefinitionError } from '../errors.ts'

/** What `documents.collections` remembers of a definition. */
interface Remembered {
  keys: Record<string, { fields: readonly string[]; unique: boolean }>
  expiresAt: string | null
}

/**
 * Creates the collection's table, or new keys of it. What is there already must fit.
 * The dot in the names of indexes keeps them apart from the tables.
 */
export async function ensureCollection(db: Database, layout: Layout): Promise<void> {
  const known = await recall(db, layout.name)
  if (known && missingKeys(layout, known).length === 0) return
  await db.transaction(async (tx) => {
    await tx.run(sql`set local statement_timeout = 0`)
    await tx.query(sql`select pg_advisory_xact_lock(hashtextextended(${`documents.${layout.name}`}, 0))`)
    const before = await recall(tx, layout.name)
    if (!before) await createTable(tx, layout)
    const missing = before ? missingKeys(layout, before) : declaredKeys(layout)
    for (const key of missing) await addKey(tx, layout, key)
    await remember(tx, layout, before)
  })
}

async function recall(tx: Tx, name: string): Promise<Remembered | null> {
  const row = await tx.one<{ definition: Remembered }>(
    sql`select definition from documents.collections where name = ${name}`,
  )
  return row?.definition ?? null
}

/** A key that only the database knows stays: an older release may be running beside a newer one. */
function missingKeys(layout: Layout, remembered: Remembered): Key[] {
  if (remembered.expiresAt !== (layout.expiresAt ?? null)) {
    throw new CollectionDefinitionError(
      layout.name,
      'its expiry field changed: give the new collection a new name',
    )
  }
  return declaredKeys(layout).filter((key) => {
    const known = remembered.keys[key.name]
    if (known && (known.unique !== key.unique || known.fields.join() !== key.fields.join())) {
      throw new CollectionDefinitionError(
        layout.name,
        `the key ${key.name} changed: give the new one a new name`,
      )
    }
    return !known
  })
}

/** The order by `id` is the table's own. */
function declaredKeys(layout: Layout): Key[] {
  return [...layout.keys.values()].filter((key) => key.name !== 'id')
}

async function createTable(tx: Tx, { name }: Layout): Promise<void> {
  const table = sql.identifier(name)
  await tx.run(sql`create table documents.${table} (
    id text collate "C" primary key,
    _body jsonb not null,
    _size integer not null,
    _expires_at timestamptz
  )`)
  const expiry = sql.identifier(`${name}._expiry`)
  await tx.run(sql`create index ${expiry} on documents.${table} (_expires_at) where _expires_at is not null`)
}

async function addKey(tx: Tx, layout: Layout, key: Key): Promise<void> {
  for (const field of key.fields) await addColumn(tx, layout, field)
  const columns = key.unique ? key.fields : [...key.fields, 'id']
  const index = sql.identifier(`${layout.name}.${key.name}`)
  const unique = key.unique ? sql`unique` : sql``
  await tx.run(sql`create ${unique} index ${index} on documents.${sql.identifier(layout.name)}
    (${sql.join(columns.map(sql.identifier))})`)
}

/** A field gets its column with the first key that needs it, filled from the documents that exist. */
async function addColumn(tx: Tx, { name, fields }: Layout, field: string): Promise<void> {
  const type = fields.get(field)
  if (!type || (await hasColumn(tx, name, field))) return
  const [table, column] = [sql.identifier(name), sql.identifier(field)]
  const columnType = type === 'text' ? sql`text collate "C"` : sql`double precision`
  const value = type === 'text' ? sql`_body->>${field}` : sql`(_body->>${field})::double precision`
  await tx.run(sql`alter table documents.${table} add column ${column} ${columnType}`)
  await tx.run(sql`update documents.${table} set ${column} = ${value}`)
  await tx.run(sql`alter table documents.${table} alter column ${column} set not null`)
}

async function hasColumn(tx: Tx, table: string, column: string): Promise<boolean> {
  const found = await tx.one(sql`select 1 from information_schema.columns
    where table_schema = 'documents' and table_name = ${table} and column_name = ${column}`)
  return found !== null
}

async function remember(tx: Tx, layout: Layout, before: Remembered | null): Promise<void> {
  const keys = Object.fromEntries(
    declaredKeys(layout).map(({ name, fields, unique }) => [name, { fields, unique }]),
  )
  const definition: Remembered = {
    keys: { ...before?.keys, ...keys },
    expiresAt: layout.expiresAt ?? null,
  }
  await tx.run(sql`insert into documents.collections (name, definition)
    values (${layout.name}, ${JSON.stringify(definition)})
    on conflict (name) do update set definition = excluded.definition`)
}
