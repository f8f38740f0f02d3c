import { type AnyContract, contracts } from '@sandkeep/contracts'
import { type ConsumerDefinition, consumer, type Handler, handle } from '@sandkeep/messaging'
import { type Database, sql } from '@sandkeep/postgres'
import { purposes } from './process-protocol.ts'

/** Enough that no stumble ends among the dead letters, however often the process is killed. */
const retryDelaysMs = Array.from({ length: 20 }, (_, attempt) => Math.min(50 * 2 ** attempt, 1_600))
const stumbleOneIn = 25

/** Effects have no key, so that one applied twice is there twice: nothing but the inbox keeps it away. */
export async function createEffects(db: Database): Promise<void> {
  await db.run(sql`create table effects (
    seq bigint generated always as identity primary key, consumer text not null, event_id uuid not null,
    aggregate_id text not null, version integer not null)`)
  await db.run(sql`create index on effects (consumer, event_id)`)
}

/** An ordered and an unordered consumer of every event there is, each of which records its effect of each. */
export const effectConsumers = (name: string): ConsumerDefinition[] =>
  purposes.map((purpose) => {
    const stumbled = new Set<string>()
    const handlers = [...contracts.values()].map((contract) => recorder(contract, purpose, stumbled))
    return consumer({ queue: `${name}.${purpose}`, ordered: purpose === 'ordered', retryDelaysMs, handlers })
  })

const recorder = (contract: AnyContract, purpose: string, stumbled: Set<string>): Handler =>
  handle(contract, async ({ event, tx }) => {
    await tx.run(sql`insert into effects (consumer, event_id, aggregate_id, version)
      values (${purpose}, ${event.id}, ${event.subject}, ${event.sequence})`)
    // Some handlings fail once, so that retries and parked events meet the faults too.
    if (isChosen(event.id) && !stumbled.has(event.id)) {
      stumbled.add(event.id)
      throw new Error('stumbled')
    }
  })

const isChosen = (id: string) => Number.parseInt(id.slice(-4), 16) % stumbleOneIn === 0
