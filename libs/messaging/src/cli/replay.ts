import { setTimeout as delay } from 'node:timers/promises'
import { toMessage } from '../stored-event.ts'
import { type Command, only, pauseMs, texts, UsageError, wholeNumber } from './command.ts'
import { lastPosition, readLog, recordOperation } from './event-store.ts'

const atOnce = 100

export const replay: Command = {
  summary: 'send published events again, to one queue',
  help: `npm run events -- replay QUEUE [--type TYPE]… [--after POSITION] [--up-to POSITION] [--rate N]

Feeds a new or repaired consumer from the log of the service whose database DATABASE_URL names: sends its events, in
order, to that queue only, marked as replay. What the consumer has handled it skips. Bind the queue first (start the
consumer), then replay: what is published meanwhile arrives either way. Needs BUS_URL. The operation is recorded.

  --type TYPE       only this type; may be repeated. Name those the queue is bound to
  --after POSITION  begin after this position (0)
  --up-to POSITION  stop with this position (the last one at the start)
  --rate N          at most so many a second (200)

Example
  npm run events -- replay sandbox.accounts --type identity.user.registered.v1 --after 120000`,
  options: {
    type: { type: 'string', multiple: true },
    after: { type: 'string' },
    'up-to': { type: 'string' },
    rate: { type: 'string' },
  },
  async run(values, positionals, { db: openDb, bus: openBus, operator, print, stop }) {
    const queue = only(positionals, 'queue')
    const types = texts(values, 'type')
    const pause = pauseMs(values, 200)
    const db = await openDb()
    const upTo = wholeNumber(values, 'up-to', undefined) ?? (await lastPosition(db))
    const bus = await openBus()
    const from = wholeNumber(values, 'after', 0)
    let after = from
    let sent = 0
    for (;;) {
      const events = stop.aborted ? [] : await readLog(db, { after, upTo, types }, atOnce)
      for (const event of events) {
        const result = await bus.send(queue, { ...toMessage(event), replay: true })
        if (!result.confirmed) throw new UsageError(`stopped after position ${after}: ${result.reason}`)
        after = event.position
        sent++
        await delay(pause)
      }
      if (events.length < atOnce) break
    }
    await recordOperation(db, operator, 'replay', { queue, types, after: from, upTo, sent })
    print(`replayed ${sent} events to ${queue}, up to position ${after}`)
  },
}
