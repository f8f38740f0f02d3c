import { setTimeout as delay } from 'node:timers/promises'
import { discardDead, findDead, revive } from '../parked-store.ts'
import { type Command, only, pauseMs, type Tools, text, texts, UsageError, type Values } from './command.ts'
import { recordOperation } from './event-store.ts'

const options = {
  id: { type: 'string', multiple: true },
  all: { type: 'boolean' },
  rate: { type: 'string' },
} as const

export const redrive: Command = {
  summary: 'give dead letters back to their consumer',
  help: `npm run events -- redrive QUEUE (--all | --id ID…) [--rate N]

Moves dead letters of the queue back to it, with their ids and all their attempts, once the cause is repaired. A
consumer that has handled one meanwhile skips it. Needs BUS_URL, and as DATABASE_URL the database of the consumer.
The operation is recorded there.

  --id ID   only this event; may be repeated
  --all     every dead letter of the queue
  --rate N  at most so many a second (50)

Example
  npm run events -- redrive sandbox.accounts --all --rate 20`,
  options,
  run: (values, positionals, tools) => settle('redrive', values, positionals, tools, {}),
}

export const discard: Command = {
  summary: 'throw dead letters away',
  help: `npm run events -- discard QUEUE (--all | --id ID…) --reason TEXT

Deletes dead letters of the queue for good. In an ordered queue the events that wait behind one go on. The event
stays in the log of the service that announced it. Needs BUS_URL, and as DATABASE_URL the database of the consumer.
The operation is recorded there.

Example
  npm run events -- discard sandbox.accounts --id 0199f6a6-0001-7000-8000-000000000001 --reason "test account"`,
  options: { ...options, reason: { type: 'string' } },
  async run(values, positionals, tools) {
    const reason = text(values, 'reason')
    if (!reason) throw new UsageError('--reason is missing: it is recorded')
    await settle('discard', values, positionals, tools, { reason })
  },
}

async function settle(
  verdict: 'redrive' | 'discard',
  values: Values,
  positionals: string[],
  tools: Tools,
  details: object,
): Promise<void> {
  const queue = only(positionals, 'queue')
  const ids = new Set(texts(values, 'id'))
  if (ids.size > 0 === Boolean(values['all'])) throw new UsageError('say which: --all, or --id ID')
  const pause = pauseMs(values, 50)
  const isWanted = (id: string) => !tools.stop.aborted && (ids.size === 0 || ids.has(id))

  const db = await tools.db()
  const bus = await tools.bus()
  const settled: string[] = []
  for (const { event } of await findDead(db, queue, 10_000)) {
    if (!isWanted(event.id)) continue
    if (await (verdict === 'redrive' ? revive : discardDead)(db, queue, event.id)) settled.push(event.id)
    await delay(pause)
  }
  await bus.reviewDeadLetters(queue, async ({ messageId }) => {
    if (!isWanted(messageId)) return 'keep'
    settled.push(messageId)
    await delay(pause)
    return verdict
  })
  if (settled.length > 0)
    await recordOperation(db, tools.operator, verdict, { queue, ids: settled, ...details })
  tools.print(`${verdict === 'redrive' ? 'redriven' : 'discarded'}: ${settled.length} of ${queue}`)
  const missing = [...ids].filter((id) => !settled.includes(id))
  if (missing.length > 0) throw new UsageError(`${queue} has no dead letter ${missing.join(', ')}`)
}
