import { userUpdated } from '@sandkeep/contracts'
import { type ConsumerDefinition, consumer, handle } from '@sandkeep/messaging'
import { sql } from '@sandkeep/postgres'
import { purposes } from './pair-protocol.ts'

/** Enough that no stumble ends among the dead letters, however often the process is killed. */
const retryDelaysMs = Array.from({ length: 20 }, (_, attempt) => Math.min(50 * 2 ** attempt, 1_600))
const stumbleOneIn = 25

/** An ordered and an unordered consumer, each of which records its effect of every command. */
export function pairConsumers(name: string): ConsumerDefinition[] {
  return purposes.map((purpose) => {
    const queue = `${name}.${purpose}`
    const stumbled = new Set<string>()
    const record = handle(userUpdated, async ({ event, tx }) => {
      const { username: commandId, userId } = event.data
      await tx.run(sql`insert into effects (consumer, command_id, aggregate_id, version)
        values (${purpose}, ${commandId}, ${userId}, ${event.sequence})`)
      // Some handlings fail once, so that retries and parked events meet the kills too.
      if (isChosen(commandId) && !stumbled.has(commandId)) {
        stumbled.add(commandId)
        throw new Error('stumbled')
      }
    })
    return consumer({ queue, ordered: purpose === 'ordered', retryDelaysMs, handlers: [record] })
  })
}

const isChosen = (id: string) => Number.parseInt(id.slice(-4), 16) % stumbleOneIn === 0
