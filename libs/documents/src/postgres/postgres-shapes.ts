import { type Query, sql, type Tx } from '@sandkeep/postgres'
import type { FieldType, Key, Layout } from '../definition.ts'
import type { AppliedMigration, Shape, ShapePlan, Shapes } from '../shape/shape.ts'

/** Each collection is a table; the dot in the names of indexes keeps them apart from the tables. */
export function postgresShapes(tx: Tx): Shapes {
  return {
    async recall(collection) {
      const row = await tx.one<{ definition: Shape }>(
        sql`select definition from documents.collections where name = ${collection}`,
      )
      return row?.definition ?? null
    },
    async make({ layout, isNew, addKeys, dropKeys, shape }: ShapePlan) {
      if (isNew) await createTable(tx, layout)
      for (const key of addKeys) await addKey(tx, layout, key)
      for (const name of dropKeys) await tx.run(sql`drop index documents.${indexName(layout, name)}`)
      if (dropKeys.length > 0) await freeColumns(tx, layout)
      await tx.run(sql`insert into documents.collections (name, definition)
        values (${layout.name}, ${JSON.stringify(shape)})
        on conflict (name) do update set definition = excluded.definition`)
    },
    migrations: () => tx.query<AppliedMigration>(sql`select name, checksum from documents.migrations`),
    async recordMigration({ name, checksum }) {
      await tx.run(sql`insert into documents.migrations (name, checksum) values (${name}, ${checksum})`)
    },
  }
}

const indexName = (layout: Layout, key: string) => sql.identifier(`${layout.name}.${key}`)

async function createTable(tx: Tx, layout: Layout): Promise<void> {
  const table = sql.identifier(layout.name)
  await tx.run(sql`create table documents.${table} (
    id text collate "C" primary key,
    _body jsonb not null,
    _size integer not null,
    _expires_at timestamptz
  )`)
  await tx.run(sql`create index ${indexName(layout, '_expiry')} on documents.${table} (_expires_at)
    where _expires_at is not null`)
}

async function addKey(tx: Tx, layout: Layout, key: Key): Promise<void> {
  for (const field of key.fields) await addColumn(tx, layout, field)
  const columns = key.unique ? key.fields : [...key.fields, 'id']
  const unique = key.unique ? sql`unique` : sql``
  const isList = key.fields.some((field) => layout.fields.get(field) === 'texts')
  const method = isList
    ? sql`gin (${sql.identifier(key.fields[0] ?? '')})`
    : sql`btree (${sql.join(columns.map(sql.identifier))})`
  await tx.run(sql`create ${unique} index ${indexName(layout, key.name)}
    on documents.${sql.identifier(layout.name)} using ${method}`)
}

const columnTypes: Readonly<Record<FieldType, Query>> = {
  text: sql`text collate "C"`,
  number: sql`double precision`,
  texts: sql`text[] collate "C"`,
}

function columnValue(field: string, type: FieldType): Query {
  if (type === 'texts') return sql`array(select jsonb_array_elements_text(_body->${field}))`
  return type === 'text' ? sql`_body->>${field}` : sql`(_body->>${field})::double precision`
}

/** A field gets its column with the first key that needs it, filled from the documents that exist. */
async function addColumn(tx: Tx, { name, fields }: Layout, field: string): Promise<void> {
  const type = fields.get(field)
  if (!type || (await filledColumns(tx, name)).includes(field)) return
  const [table, column] = [sql.identifier(name), sql.identifier(field)]
  await tx.run(sql`alter table documents.${table} add column if not exists ${column} ${columnTypes[type]}`)
  await tx.run(sql`update documents.${table} set ${column} = ${columnValue(field, type)}`)
  await tx.run(sql`alter table documents.${table} alter column ${column} set not null`)
}

/** A column that no key needs any more stays, for an older release that still fills it. */
async function freeColumns(tx: Tx, { name, fields }: Layout): Promise<void> {
  for (const column of await filledColumns(tx, name)) {
    if (fields.has(column)) continue
    await tx.run(sql`alter table documents.${sql.identifier(name)}
      alter column ${sql.identifier(column)} drop not null`)
  }
}

/** The columns of keys, in which every document has its value. */
async function filledColumns(tx: Tx, table: string): Promise<string[]> {
  const columns = await tx.query<{ name: string }>(sql`select column_name as name
    from information_schema.columns where table_schema = 'documents' and table_name = ${table}
    and is_nullable = 'NO' and column_name <> 'id' and column_name not like '\\_%'`)
  return columns.map((it) => it.name)
}
