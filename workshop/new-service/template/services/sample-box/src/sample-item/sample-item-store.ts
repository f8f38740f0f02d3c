import { sql, type Tx } from '@sandkeep/postgres'
import type { SampleItem } from './sample-item.ts'

/** Null when there is one with that id already. */
export const insertSampleItem = (
  tx: Tx,
  { id, ownerId, title }: Pick<SampleItem, 'id' | 'ownerId' | 'title'>,
): Promise<SampleItem | null> =>
  tx.one<SampleItem>(sql`
    insert into sample_items (id, owner_id, title) values (${id}, ${ownerId}, ${title})
    on conflict do nothing
    returning id, owner_id as "ownerId", title, version, created_at as "createdAt", updated_at as "updatedAt"`)
