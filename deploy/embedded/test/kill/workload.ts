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
  /** Sends the last write again, as a client does that lost the answer. */
  repeatLast(url: string): Promise<void>
  /** Asks for its last sandbox again under a new key: the mistake of a client that forgot the old one. */
  repeatForgetfully(url: string): Promise<void>
  entries(): readonly Entry[]
}

const password = 'Correct horse 9'
let count = 0

/** Makes users, sandboxes and files by turns, each with a mark of its own, and keeps a ledger of what was answered. */
export function createWorker(token: string): Worker {
  const entries: Entry[] = []
  let sandboxId: string | null = null
  let last: Attempt | null = null
  let lastSandbox: Attempt | null = null

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

  async function send(url: string, attempt: Attempt): Promise<void> {
    const { entry, path, body, key } = attempt
    // Whatever is there is overwritten, so that nothing but the key keeps a repeat from being applied again.
    const headers = { 'idempotency-key': key, ...(entry.kind === 'file' ? { 'if-match': '*' } : {}) }
    const reply = await callAt(url, { method: 'POST', path, body, token, headers })
    if (reply.status >= 500) throw new Error(`${reply.status}`)
    if (reply.status >= 400) throw new TypeError(`${path} was refused: ${reply.text}`)
    entry.isAcknowledged = true
    if (entry.kind !== 'sandbox') return
    sandboxId = String(reply.body['id'])
    lastSandbox = attempt
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
    async repeatLast(url) {
      if (last !== null) await send(url, last)
    },
    async repeatForgetfully(url) {
      if (lastSandbox !== null) await send(url, { ...lastSandbox, key: crypto.randomUUID() })
    },
    entries: () => entries,
  }
}
