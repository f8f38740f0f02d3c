import { isDeepStrictEqual } from 'node:util'
import { type Envelope, type EventContract, parseEnvelope } from '@sandkeep/contracts'
import { newId, sql, type Tx } from '@sandkeep/postgres'
import type { Bus } from './bus.ts'

const pollMs = 10
const defaultTimeoutMs = 10_000

/** Part of an event's data, at any depth: what is given must be equal. */
export type Match<T> = { [K in keyof T]?: T[K] extends object ? Match<T[K]> : T[K] }

export interface Probe extends AsyncDisposable {
  /** Every event so far, in the order of arrival; a repeat counts once. */
  seen(): Envelope[]
  /** The first event of the contract whose data has the parts of `match`; waits for it. */
  waitFor<T>(contract: EventContract<T>, match: Match<T>, timeoutMs?: number): Promise<Envelope<T>>
  /**
   * The events of the contract with these parts, which must be `count`. First waits until every committed event
   * is published, so that 0 can be expected too.
   */
  expectExactly<T>(contract: EventContract<T>, match: Match<T>, count: number): Promise<Envelope<T>[]>
}

/** Listens to everything the owners publish; `databases` are theirs. */
export async function startProbe(bus: Bus, owners: string[], databases: Tx[]): Promise<Probe> {
  const events = new Map<string, Envelope>()
  const subscription = bus.consume(
    {
      name: `probe.${newId()}`,
      bindings: owners.map((owner) => ({ owner, type: '#' })),
      ordered: false,
      retryDelaysMs: [],
      transient: true,
    },
    async ({ body }) => {
      const event = parseEnvelope(body)
      events.set(event.id, event)
      return { kind: 'done' }
    },
  )
  await subscription.ready()

  const find = <T>(contract: EventContract<T>, match: Match<T>): Envelope<T>[] =>
    [...events.values()]
      .filter((event) => event.type === contract.type)
      .map((event) => ({ ...event, data: contract.fromJson(event.data) }))
      .filter((event) => includes(event.data, match))

  return {
    seen: () => [...events.values()],
    async waitFor(contract, match, timeoutMs = defaultTimeoutMs) {
      const found = await poll(timeoutMs, async () => find(contract, match)[0])
      if (!found)
        throw new Error(`no ${contract.type} like ${show(match)} within ${timeoutMs} ms; ${summary(events)}`)
      return found
    },
    async expectExactly(contract, match, count) {
      for (const database of databases) await poll(defaultTimeoutMs, () => isPublished(database))
      const enough = () => Promise.resolve(find(contract, match).length >= count || undefined)
      await poll(defaultTimeoutMs, enough)
      const found = find(contract, match)
      if (found.length === count) return found
      throw new Error(
        `${found.length} ${contract.type} like ${show(match)} instead of ${count}; ${summary(events)}`,
      )
    },
    [Symbol.asyncDispose]: () => subscription[Symbol.asyncDispose](),
  }
}

async function isPublished(database: Tx): Promise<true | undefined> {
  return (await database.one(sql`select 1 from messaging.outbox limit 1`)) ? undefined : true
}

async function poll<R>(timeoutMs: number, look: () => Promise<R | undefined>): Promise<R | undefined> {
  for (const deadline = Date.now() + timeoutMs; ; ) {
    const found = await look()
    if (found !== undefined || Date.now() > deadline) return found
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

function includes(value: unknown, match: unknown): boolean {
  if (typeof match !== 'object' || match === null || Array.isArray(match))
    return isDeepStrictEqual(value, match)
  if (typeof value !== 'object' || value === null) return false
  const entries = new Map(Object.entries(value))
  return Object.entries(match).every(([key, part]) => includes(entries.get(key), part))
}

const show = (match: unknown) =>
  JSON.stringify(match, (_key, value) => (typeof value === 'bigint' ? String(value) : value))

function summary(events: Map<string, Envelope>): string {
  const types = [...events.values()].map((event) => event.type)
  return types.length > 0 ? `seen: ${types.join(', ')}` : 'nothing was seen'
}
