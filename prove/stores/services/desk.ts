import { randomUUID } from 'node:crypto'
import { startOwnClock } from '../own-time.ts'
import type { Call, Desk, Probe, Reply } from './probes.ts'
import { login, type ServicesStage } from './stage-services.ts'

const tokenMs = 120_000
/** Gives up on what should have been answered long ago. */
const patienceMs = 20_000

export interface Answer {
  probe: string
  sentAt: number
  tookMs: number
  /** 0 when there was none. */
  status: number
  /** Why there was none, or what it said. */
  said: string
}

/** A client with an account and a sandbox, which remembers what it was told. */
export interface WorkingDesk extends Desk {
  /** Makes one request of a probe, and says how it went. */
  try(probe: Probe): Promise<Answer>
  /** Signs in again when it is time, and works on in a new sandbox. */
  renew(): Promise<void>
  acknowledged: Map<string, string>
}

export async function openDesk({ origins }: ServicesStage): Promise<WorkingDesk> {
  const now = startOwnClock()
  const acknowledged = new Map<string, string>()
  const paths: string[] = []
  let token = ''
  let renewAt = 0
  let sandboxUrl = ''
  let count = 0

  const call = async ({ service, method = 'GET', path, json, bytes, expects }: Call): Promise<Reply> => {
    const payload = json === undefined ? bytes : JSON.stringify(json)
    const response = await fetch(`${origins[service]}${path}`, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
        ...(method === 'PUT' && { 'if-match': '*' }),
        ...(payload && { 'content-type': json === undefined ? 'text/plain' : 'application/json' }),
      },
      ...(payload && { body: payload }),
      signal: AbortSignal.timeout(patienceMs),
    })
    const content = Buffer.from(await response.arrayBuffer())
    if (response.status === 200 && expects && !content.equals(expects))
      throw new Error(`${path} is not what was written`)
    const isJson = response.headers.get('content-type')?.includes('json') && !expects
    return { status: response.status, body: isJson ? JSON.parse(content.toString()) : content.toString() }
  }

  const desk: WorkingDesk = {
    login,
    call,
    acknowledged,
    sandboxUrl: () => sandboxUrl,
    next: () => ++count,
    anyFile: () => paths[count % paths.length] ?? null,
    wrote(path) {
      acknowledged.set(`${sandboxUrl}/${path}`, path)
      paths.push(path)
    },
    async try(probe) {
      const sentAt = performance.now()
      const started = now()
      const answer = (status: number, said: string) => ({
        probe: probe.name,
        sentAt,
        tookMs: now() - started,
        status,
        said,
      })
      try {
        const { status, body } = await probe.ask(desk)
        return answer(status, status < 300 ? '' : JSON.stringify(body))
      } catch (error) {
        return answer(0, String(error instanceof Error ? (error.cause ?? error) : error))
      }
    },
    async renew() {
      if (Date.now() < renewAt) return
      const signedIn = await call({
        service: 'identity',
        method: 'POST',
        path: '/v1/auth/login',
        json: login,
      })
      token = textOf(signedIn, 'accessToken')
      renewAt = Date.now() + tokenMs
      if (sandboxUrl !== '') return
      const wanted = { name: 'Proof', type: 'development' }
      const made = await call({ service: 'sandbox', method: 'POST', path: '/v1/sandboxes', json: wanted })
      sandboxUrl = `/v1/sandboxes/${textOf(made, 'id')}`
    },
  }
  await desk.renew()
  return desk
}

function textOf({ status, body }: Reply, field: string): string {
  const value = typeof body === 'object' && body !== null ? Reflect.get(body, field) : undefined
  if (typeof value === 'string') return value
  throw new Error(`no ${field} in the answer ${status}: ${JSON.stringify(body)}`)
}
