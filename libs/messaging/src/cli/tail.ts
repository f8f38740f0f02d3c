import { setTimeout as delay } from 'node:timers/promises'
import { type Command, texts, wholeNumber } from './command.ts'
import { lastPosition, readLog } from './event-store.ts'
import { eventLine } from './list.ts'

const pollMs = 500
const atOnce = 500

export const tail: Command = {
  summary: 'events as they are published',
  help: `npm run events -- tail [--type TYPE]… [--after POSITION]

Prints a line for each event from now on, or from --after on, until Ctrl-C.

Example
  npm run events -- tail --type sandbox.file.changed.v1`,
  options: { type: { type: 'string', multiple: true }, after: { type: 'string' } },
  async run(values, _positionals, { db: openDb, print, stop }) {
    const db = await openDb()
    const types = texts(values, 'type')
    let after = wholeNumber(values, 'after', undefined) ?? (await lastPosition(db))
    while (!stop.aborted) {
      const events = await readLog(db, { after, types }, atOnce)
      for (const event of events) print(`${String(event.position).padStart(8)}  ${eventLine(event)}`)
      after = events.at(-1)?.position ?? after
      if (events.length < atOnce) await delay(pollMs, undefined, { signal: stop }).catch(() => {})
    }
  },
}
