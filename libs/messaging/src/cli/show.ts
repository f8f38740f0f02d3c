import { toEnvelope } from '../stored-event.ts'
import { type Command, only, text, UsageError } from './command.ts'
import { readDead } from './dead.ts'
import { findEvent } from './event-store.ts'

export const show: Command = {
  summary: 'one event with its data, or a dead letter with its reason',
  help: `npm run events -- show ID [--dead QUEUE]

Prints the event as it travels: envelope and data, personal data included. With --dead, the letter among those the
queue's consumer gave up; needs BUS_URL too.

Examples
  npm run events -- show 0199f6a6-0001-7000-8000-000000000001
  npm run events -- show 0199f6a6-0001-7000-8000-000000000001 --dead sandbox.accounts`,
  options: { dead: { type: 'string' } },
  async run(values, positionals, tools) {
    const id = only(positionals, 'event id')
    const queue = text(values, 'dead')
    if (queue) {
      const letter = (await readDead(tools, queue)).find((it) => it.messageId === id)
      if (!letter) throw new UsageError(`${queue} has no dead letter ${id}`)
      tools.print(`died ${letter.diedAt} after ${letter.attempts} attempts: ${letter.reason}`)
      tools.print(letter.body.toString())
      return
    }
    const event = await findEvent(await tools.db(), id)
    if (!event) throw new UsageError(`there is no event ${id} in this database: each service keeps its own`)
    tools.print(event.position === null ? 'not published yet' : `position ${event.position}`)
    tools.print(JSON.stringify(toEnvelope(event), null, 2))
  },
}
