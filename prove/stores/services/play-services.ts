import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { addCounts } from '../../harness/counts.ts'
import type { Random } from '../../harness/random.ts'
import { type Fault, longOutageMs, strike } from '../faults.ts'
import { type Findings, noFindings } from '../findings.ts'
import type { RoundResult } from '../round.ts'
import { type Answer, openDesk, type WorkingDesk } from './desk.ts'
import { fileContent, fileUrl, type Probe, probes } from './probes.ts'
import { type EngineKind, engineKinds, type ServicesStage, setServicesStage } from './stage-services.ts'

const answerMs = 5_000
const recoveryMs = 10_000
const pauseMs = 150
const settleMs = 15_000

/** How many connections both services may hold to an engine: their pools, and what listens or holds a lock. */
const mostConnections: Record<EngineKind, number> = { postgres: 30, mongodb: 110, s3: 64, redis: 2 }

export interface ServicesRun {
  directory: string
  random: Random
  faults: readonly Fault[]
  stop: AbortSignal
}

/** Whether identity and sandbox stay up, answer in time and come back while each of their engines fails. */
export async function playServices({ directory, random, faults, stop }: ServicesRun): Promise<RoundResult> {
  await using stack = new AsyncDisposableStack()
  const stage = await setServicesStage(directory, stack)
  const desk = await openDesk(stage)
  const answers: Answer[] = []
  let isWorking = true
  const work = async (probe: Probe) => {
    while (isWorking) {
      answers.push(await desk.try(probe))
      await delay(pauseMs)
    }
  }
  const working = Promise.all(probes.map(work))
  const played: Record<string, number> = {}
  let findings = noFindings
  const found = (it: Partial<Findings>, said: string) => {
    console.log(`      ${said}`)
    findings = addCounts(findings, it)
  }

  for (const fault of faults) {
    for (const kind of engineKinds) {
      stop.throwIfAborted()
      await desk.renew()
      await delay(random.between(100, 600))
      const from = answers.length
      await strike(fault, stage.edges[kind], longOutageMs)
      const endedAt = performance.now()
      for (const probe of probes.filter((it) => !it.needs.includes(kind)))
        for (const it of answers.slice(from).filter((answer) => answer.probe === probe.name))
          if (it.status === 503) found({ wrongAnswers: 1 }, `${it.probe} failed without ${kind}: ${it.said}`)
      const slow = await notBackWithin(recoveryMs, () => answers.filter((it) => it.sentAt > endedAt))
      for (const name of slow) found({ slowRecoveries: 1 }, `${name} was not back after ${fault} of ${kind}`)
      played[fault] = (played[fault] ?? 0) + 1
      console.log(`  services: ${fault} of ${kind}: ${summary(answers.slice(from))}`)
    }
  }
  isWorking = false
  await Promise.race([working, delay(settleMs)])
  for (const it of answers.filter(isWrong)) found({ wrongAnswers: 1 }, `${it.probe}: ${it.status} ${it.said}`)
  for (const it of answers.filter((answer) => answer.tookMs > answerMs))
    found({ late: 1 }, `${it.probe} took ${Math.round(it.tookMs)} ms: ${it.status} ${it.said}`)
  for (const leak of await leaks(stage)) found({ leaks: 1 }, leak)
  const lost = await lostFiles(desk)
  for (const path of lost) found({ lost: 1 }, `${path} was acknowledged`)
  if (!stage.isRunning())
    found({ wrongAnswers: 1 }, `the services ended: ${await readFile(stage.logFile, 'utf8')}`)
  return {
    findings,
    compared: { lost, torn: [], invented: [] },
    faults: played,
    acknowledged: answers.filter((it) => it.status >= 200 && it.status < 300).length,
    refused: 0,
    unknown: answers.filter((it) => it.status === 503).length,
    slowestMs: Math.max(...answers.map((it) => it.tookMs)),
    reasons: new Map(),
  }
}

/** Only success, and "not now", are right: nothing is wrong with the requests. */
const isWrong = ({ status }: Answer) => !(status >= 200 && status < 300) && status !== 503

/** The probes that did not succeed in time. */
async function notBackWithin(ms: number, since: () => Answer[]): Promise<string[]> {
  const missing = () => {
    const back = new Set(
      since()
        .filter((it) => it.status >= 200 && it.status < 300)
        .map((it) => it.probe),
    )
    return probes.map((it) => it.name).filter((name) => !back.has(name))
  }
  for (const deadline = performance.now() + ms; missing().length > 0; await delay(50))
    if (performance.now() > deadline) break
  return missing()
}

function summary(answers: Answer[]): string {
  const unavailable = answers.filter((it) => it.status === 503).length
  const slowest = Math.round(Math.max(0, ...answers.map((it) => it.tookMs)))
  return `${answers.length} answers, ${unavailable} of them 503, the slowest after ${slowest} ms`
}

async function leaks({ edges, origins }: ServicesStage): Promise<string[]> {
  const found = engineKinds
    .filter((kind) => edges[kind].proxy.connections() > mostConnections[kind])
    .map((kind) => `${edges[kind].proxy.connections()} connections to ${kind} are open`)
  for (const origin of Object.values(origins)) {
    const metrics = await (await fetch(`${origin}/metrics`)).text()
    const waiting = /^postgres_pool_connections\{state="waiting"\} (\d+)/m.exec(metrics)?.[1]
    if (waiting !== '0') found.push(`${waiting} callers still wait for a connection`)
  }
  return found
}

async function lostFiles(desk: WorkingDesk): Promise<string[]> {
  await desk.renew()
  const lost: string[] = []
  for (const path of desk.acknowledged.values()) {
    const url = fileUrl(desk.sandboxUrl(), path)
    const isThere = desk.call({ service: 'sandbox', path: url, expects: fileContent(path) })
    const status = await isThere.then(
      (reply) => reply.status,
      () => 0,
    )
    if (status !== 200) lost.push(path)
  }
  return lost
}
