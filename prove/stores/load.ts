import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Ledger } from '../harness/ledger.ts'
import { proofs } from './store/proofs.ts'
import type { Workload } from './store/proved-store.ts'
import { type WriterOptions, writerAnswer } from './writer-protocol.ts'

const outstandingAtOnce = 8
/** Between a failure and the next attempt. */
const pauseMs = 20
const pollMs = 10
const startMs = 30_000
const startAttempts = 4

/** A writer that is given commands without pause, while the ledger keeps what it answers. Disposing kills it. */
export interface Load extends AsyncDisposable {
  /** Whether a command that is sent from now on is acknowledged within so many milliseconds. */
  worksWithin(ms: number): Promise<boolean>
  /** Sends nothing any more; whether everything sent was answered within so many milliseconds. */
  settlesWithin(ms: number): Promise<boolean>
  /** A client outlives whatever happens to its engine. */
  isRunning(): boolean
  /** The answer that took longest. */
  slowest(): SlowAnswer
  /** How often each reason was given for not knowing. */
  reasons: Map<string, number>
}

export interface SlowAnswer {
  id: string
  tookMs: number
  /** Why nobody knows what became of it; null when that is known. */
  reason: string | null
}

export interface LoadOptions {
  writer: WriterOptions
  workload: Workload
  ledger: Ledger
}

export async function startLoad({ writer, workload, ledger }: LoadOptions): Promise<Load> {
  const child = await startPatiently(writer)
  const { mayTakeLong = () => false } = proofs[writer.port]
  const sentAt = new Map<string, number>()
  const reasons = new Map<string, number>()
  let slowest: SlowAnswer = { id: 'none', tookMs: 0, reason: null }
  let newestAcknowledged = 0
  let isSending = true

  const isRunning = () => child.exitCode === null && child.signalCode === null
  const send = () => {
    if (!isSending || !child.connected) return
    const id = workload.next()
    ledger.intend(id)
    sentAt.set(id, performance.now())
    child.send({ id }, () => {})
  }
  child.on('message', (message) => {
    const answer = writerAnswer.parse(message)
    if ('ready' in answer) return
    const { id, fate, tookMs, reason } = answer
    if (fate === 'ok') {
      ledger.acknowledge(id)
      newestAcknowledged = Math.max(newestAcknowledged, sentAt.get(id) ?? 0)
    }
    if (fate === 'refused') ledger.refuse(id)
    if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    sentAt.delete(id)
    if (!mayTakeLong(id) && tookMs > slowest.tookMs) slowest = { id, tookMs, reason: reason ?? null }
    workload.settled(id, fate)
    if (fate === 'unknown') setTimeout(send, pauseMs)
    else send()
  })
  for (let i = 0; i < outstandingAtOnce; i++) send()

  return {
    async worksWithin(ms) {
      const since = performance.now()
      return eventuallyTrue(() => newestAcknowledged > since, ms)
    },
    async settlesWithin(ms) {
      isSending = false
      return eventuallyTrue(() => sentAt.size === 0, ms)
    },
    isRunning,
    slowest: () => slowest,
    reasons,
    async [Symbol.asyncDispose]() {
      isSending = false
      if (!isRunning()) return
      const died = once(child, 'exit')
      child.kill('SIGKILL')
      await died
    },
  }
}

/** An engine that answers may still be too slow for a first connection. */
async function startPatiently(options: WriterOptions): Promise<ChildProcess> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startWriter(options)
    } catch (error) {
      if (attempt === startAttempts) throw error
    }
  }
}

async function startWriter(options: WriterOptions): Promise<ChildProcess> {
  const module = fileURLToPath(new URL('writer.ts', import.meta.url))
  const child = fork(module, [JSON.stringify(options)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const isReady = new AbortController()
  const ended = once(child, 'exit', { signal: isReady.signal }).then(() => {
    throw new Error('it ended')
  })
  try {
    await Promise.race([once(child, 'message', { signal: AbortSignal.timeout(startMs) }), ended])
    ended.catch(() => {})
    isReady.abort()
    return child
  } catch (error) {
    child.kill('SIGKILL')
    throw new Error('the writer did not start', { cause: error })
  }
}

async function eventuallyTrue(isTrue: () => boolean, ms: number): Promise<boolean> {
  for (const deadline = performance.now() + ms; !isTrue(); await delay(pollMs))
    if (performance.now() > deadline) return false
  return true
}
