import { sql, type Tx } from '@sandkeep/postgres'

interface Holding {
  kind: string
  count: number
  sample: string[]
}

const sampleSize = 5

/** What of the account lives on. A deleted sandbox does not: nobody needs to do anything for it to go. */
export async function findHoldings(tx: Tx, ownerId: string): Promise<Holding[]> {
  const row = await tx.one<{ count: number; sample: string[] | null }>(sql`
    select count(*)::integer as count, (array_agg(name order by created_at desc))[1:${sampleSize}] as sample
    from sandboxes where user_id = ${ownerId} and status <> 'terminated'`)
  return row?.sample ? [{ kind: 'sandboxes', count: row.count, sample: row.sample }] : []
}
