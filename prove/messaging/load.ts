import { newId } from '@sandkeep/postgres'
import type { Ledger } from '../harness/ledger.ts'
import type { Random } from '../harness/random.ts'
import type { Fleet } from './fleet.ts'
import { type Answer, type Lane, lanesOf, type Write } from './lanes.ts'

const tickMs = 10
const requestTimeoutMs = 10_000

export interface Load extends AsyncDisposable {
  lanes: Lane[]
  /** Milliseconds that each write took that was answered well, since the last call. */
  takeDurations(): number[]
}

export interface LoadOptions {
  fleet: Fleet
  ledger: Ledger
  random: Random
  writesPerSecond: number
}

/** Writes at a steady rate, whatever becomes of the writes before, until it is disposed. */
export function startLoad({ fleet, ledger, random, writesPerSecond }: LoadOptions): Load {
  const lanes = lanesOf(fleet)
  const idle = [...lanes]
  const underWay = new Set<Promise<void>>()
  let durations: number[] = []
  const startedAt = performance.now()
  let due = 0

  const work = async (lane: Lane): Promise<void> => {
    let wish = lane.next(random)
    if ('read' in wish) {
      lane.learn(await ask(lane, { url: wish.read, method: 'GET', headers: {} }))
      wish = lane.next(random)
    }
    if ('read' in wish) return
    await send(lane, wish)
  }

  const send = async (lane: Lane, write: Write) => {
    const id = newId()
    ledger.intend(id)
    const sentAt = performance.now()
    const answer = await ask(lane, { ...write, headers: { ...write.headers, 'x-request-id': id } })
    if (answer && answer.status < 300) {
      ledger.acknowledge(id)
      durations.push(performance.now() - sentAt)
    } else if (answer && isRefusal(answer.status)) ledger.refuse(id)
    lane.learn(answer)
  }

  const timer = setInterval(() => {
    void fleet.people.renew().catch(() => {})
    const wanted = ((performance.now() - startedAt) / 1_000) * writesPerSecond
    for (; due < wanted; due++) {
      const [lane] = idle.splice(random.between(0, idle.length - 1), 1)
      if (!lane) continue
      const run: Promise<void> = work(lane).finally(() => {
        underWay.delete(run)
        idle.push(lane)
      })
      underWay.add(run)
    }
  }, tickMs)

  return {
    lanes,
    takeDurations() {
      const taken = durations
      durations = []
      return taken
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await Promise.all(underWay)
    },
  }
}

/** The service said that it did nothing; 408 and 5xx say nothing about that. */
const isRefusal = (status: number) => status >= 400 && status < 500 && status !== 408

async function ask(
  lane: Lane,
  request: { url: string; method: string; headers: Record<string, string>; body?: string },
): Promise<Answer | null> {
  try {
    const { url, ...init } = request
    const response = await fetch(url, {
      ...init,
      headers: { ...request.headers, authorization: `Bearer ${lane.person.token()}` },
      signal: AbortSignal.timeout(requestTimeoutMs),
    })
    const body: unknown = await response.json()
    return { status: response.status, etag: response.headers.get('etag'), body }
  } catch {
    return null
  }
}
