import type { DeadLetter } from '../bus.ts'
import type { StoredEvent } from '../stored-event.ts'
import { type Command, text, texts, wholeNumber } from './command.ts'
import { readDead } from './dead.ts'
import { readLog, readLogEnd, readPending } from './event-store.ts'

export const list: Command = {
  summary: 'events, those not yet published, or dead letters',
  help: `npm run events -- list [--type TYPE]… [--aggregate ID] [--after POSITION] [--limit N]
npm run events -- list --pending
npm run events -- list --dead QUEUE

Prints a line for each event of the service whose database DATABASE_URL names: its position in the log (the newest
20, unless --after says where to begin), when it happened, its type, its aggregate and version, its id. Data is not
printed; "show" does that.

  --type TYPE       only this type; may be repeated
  --aggregate ID    only events about this aggregate
  --after POSITION  the events after this position, oldest first
  --limit N         at most so many (20)
  --pending         what is committed and not yet confirmed by the bus, with the attempts
  --dead QUEUE      what the queue's consumer gave up, with the reason; needs BUS_URL too

Examples
  npm run events -- list --type identity.user.registered.v1 --limit 5
  npm run events -- list --dead sandbox.accounts`,
  options: {
    type: { type: 'string', multiple: true },
    aggregate: { type: 'string' },
    after: { type: 'string' },
    limit: { type: 'string' },
    pending: { type: 'boolean' },
    dead: { type: 'string' },
  },
  async run(values, _positionals, tools) {
    const limit = wholeNumber(values, 'limit', 20)
    const queue = text(values, 'dead')
    if (queue) {
      for (const letter of (await readDead(tools, queue)).slice(0, limit)) tools.print(deadLine(letter))
      return
    }
    const db = await tools.db()
    if (values['pending']) {
      for (const event of await readPending(db, limit))
        tools.print(`${eventLine(event)}  attempts ${event.attempts}`)
      return
    }
    const after = wholeNumber(values, 'after', undefined)
    const filter = { after, types: texts(values, 'type'), aggregateId: text(values, 'aggregate') }
    const events = await (after === undefined ? readLogEnd : readLog)(db, filter, limit)
    for (const event of events) tools.print(`${String(event.position).padStart(8)}  ${eventLine(event)}`)
  },
}

export function eventLine(event: StoredEvent): string {
  const aggregate = `${event.aggregate_id} v${event.aggregate_version}`
  return `${event.occurred_at.toISOString()}  ${event.type.padEnd(36)}  ${aggregate}  ${event.id}`
}

function deadLine({ diedAt, type, messageId, attempts, reason }: DeadLetter): string {
  return `${diedAt}  ${type.padEnd(36)}  ${messageId}  after ${attempts} attempts: ${reason}`
}
