import type pg from 'pg'

/** A table that holds rows of the service's own: no partition by itself, no history of migrations. */
export interface Table {
  /** With its schema, quoted. */
  name: string
  columns: string[]
  /** What puts its rows in one order on every server. */
  order: string
}

interface TableRow {
  oid: string
  name: string
  columns: string[]
  order: string
}

/** What the target's own migrations and the documents' port fill. */
const foreign = `n.nspname in ('pg_catalog', 'information_schema', 'documents', 'promotion')
  or n.nspname like 'pg_toast%' or c.relname = '_prisma_migrations'`

/** Every table of a database, each after those that it refers to. */
export async function listTables(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<TableRow>(`
    select c.oid::text, format('%I.%I', n.nspname, c.relname) as name,
      (select array_agg(quote_ident(attname) order by attnum) from pg_attribute
        where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns,
      (select string_agg(format('%I::text collate "C"', attname), ', ' order by key.place)
        from unnest(i.indkey::int2[]) with ordinality key(attnum, place)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = key.attnum) as "order"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_index i on i.indrelid = c.oid and i.indisprimary
    where c.relkind in ('r', 'p') and not c.relispartition and not (${foreign})
    order by 2`)
  const references = await client.query<{ from: string; to: string }>(
    `select conrelid::text as "from", confrelid::text as "to" from (
      select conrelid::oid, confrelid::oid from pg_constraint where contype = 'f' and conparentid = 0) it`,
  )
  return inOrder(rows, references.rows)
}

function inOrder(rows: TableRow[], references: { from: string; to: string }[]): Table[] {
  const ordered: Table[] = []
  const visited = new Set<string>()
  const visit = (row: TableRow) => {
    if (visited.has(row.oid)) return
    visited.add(row.oid)
    for (const { to } of references.filter((it) => it.from === row.oid)) {
      const referred = rows.find((it) => it.oid === to)
      if (referred) visit(referred)
    }
    ordered.push({ name: row.name, columns: row.columns, order: row.order })
  }
  for (const row of rows) visit(row)
  return ordered
}

export const isEmptyTable = async (client: pg.Client, { name }: Table): Promise<boolean> =>
  (await client.query(`select from ${name} limit 1`)).rowCount === 0

/** Makes the partitions that the source has and the target's migrations did not make. */
export async function copyPartitions(source: pg.Client, target: pg.Client): Promise<void> {
  const { rows } = await source.query<{ parent: string; name: string; bound: string }>(`
    select format('%I.%I', pn.nspname, p.relname) as parent, format('%I.%I', n.nspname, c.relname) as name,
      pg_get_expr(c.relpartbound, c.oid) as bound
    from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_namespace n on n.oid = c.relnamespace
    join pg_class p on p.oid = i.inhparent join pg_namespace pn on pn.oid = p.relnamespace
    where c.relispartition and c.relkind in ('r', 'p')`)
  for (const { parent, name, bound } of rows)
    await target.query(`create table if not exists ${name} partition of ${parent} ${bound}`)
}

/** Numbers go on where they stood. */
export async function copySequences(source: pg.Client, target: pg.Client): Promise<void> {
  const { rows } = await source.query<{ name: string }>(`
    select format('%I.%I', schemaname, sequencename) as name from pg_sequences where schemaname <> 'promotion'`)
  for (const { name } of rows) {
    const state = await source.query<{ last_value: string; is_called: boolean }>(`select * from ${name}`)
    const { last_value = '1', is_called = false } = state.rows[0] ?? {}
    await target.query('select setval($1, $2, $3)', [name, last_value, is_called])
  }
}
