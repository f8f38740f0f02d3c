import { callAt } from '../harness.ts'
import type { Entry, Kind } from './ledger.ts'

/** One write as a client sends it, again with the same key when it does not know what became of it. */
interface Attempt {
  entry: Entry
  path: string
  body: object
  key: string
}

export interface Worker {
  /** Writes until the product is gone. */
  writeUntilGone(url: string): Promise<void>
  /** Sends the last write again, as a client does that lost the answer. `freshKey` is the mistake of one that forgot its key. */
  repeatLast(url: string, options?: { freshKey: boolean }): Promise<void>
  entries(): readonly Entry[]
}

const password = 'Correct horse 9'
let count = 0

/** Makes users, sandboxes and files by turns, each with a mark of its own, and keeps a ledger of what was answered. */
export function createWorker(token: string): Worker {
  const entries: Entry[] = []
  let sandboxId: string | null = null
  let last: Attempt | null = null

  function next(): Attempt {
    const mark = `mark-${process.pid}-${++count}`
    const make = (kind: Kind, path: string, body: object): Attempt => ({
      entry: { kind, mark, isAcknowledged: false },
      path,
      body,
      key: crypto.randomUUID(),
    })
    if (sandboxId === null || count % 10 === 0)
      return make('sandbox', '/v1/sandboxes', { name: mark, type: 'exercise' })
    if (count % 10 === 5) {
      const account = { email: `${mark}@example.org`, username: mark, password, emailVerified: true }
      return make('user', '/v1/users', account)
    }
    const changes = [{ path: mark, content: `content of ${mark}` }]
    return make('file', `/v1/sandboxes/${sandboxId}/changes`, { changes })
  }

  async function send(url: string, { entry, path, body, key }: Attempt): Promise<void> {
    const headers = { 'idempotency-key': key }
    const reply = await callAt(url, { method: 'POST', path, body, token, headers })
    if (reply.status >= 500) throw new Error(`${reply.status}`)
    if (reply.status >= 400) throw new TypeError(`${path} was refused: ${reply.text}`)
    entry.isAcknowledged = true
    if (entry.kind === 'sandbox') sandboxId = String(reply.body['id'])
  }

  return {
    async writeUntilGone(url) {
      for (;;) {
        last = next()
        entries.push(last.entry)
        try {
          await send(url, last)
        } catch (error) {
          if (error instanceof TypeError && error.message.includes('refused')) throw error
          return
        }
      }
    },
    async repeatLast(url, { freshKey } = { freshKey: false }) {
      if (last === null) return
      await send(url, freshKey ? { ...last, key: crypto.randomUUID() } : last)
    },
    entries: () => entries,
  }
}
