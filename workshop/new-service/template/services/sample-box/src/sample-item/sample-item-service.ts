import { sampleItemCreated } from '@sandkeep/contracts'
import { outbox } from '@sandkeep/messaging'
import { newId, type Tx } from '@sandkeep/postgres'
import type { SampleItem } from './sample-item.ts'
import { insertSampleItem } from './sample-item-store.ts'

/** Makes one, and announces it in the same transaction. */
export async function createSampleItem(tx: Tx, it: { ownerId: string; title: string }): Promise<SampleItem> {
  const made = await insertSampleItem(tx, { ...it, id: newId() })
  if (!made) throw new Error('A new id was taken already')
  await outbox.add(tx, sampleItemCreated, {
    aggregateId: made.id,
    aggregateVersion: made.version,
    data: { sampleItemId: made.id, ownerId: made.ownerId, title: made.title },
  })
  return made
}
