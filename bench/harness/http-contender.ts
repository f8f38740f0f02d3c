import { generateLoad } from './load.ts'
import type { LoadRequest } from './load-process.ts'
import type { Contender } from './rounds.ts'
import type { Target } from './target.ts'

export interface HttpLoad extends Omit<LoadRequest, 'origin' | 'seconds' | 'firstTurn' | 'tokens'> {
  /** Minted anew for each run: tokens do not live long. */
  tokens?: () => string[]
  /** Waited for after each run, so that the next contender does not pay for this one. */
  settle?: () => Promise<void>
}

/** Requests to a process, with the processor time that it takes for each. */
export function httpContender(
  name: string,
  target: Target,
  { tokens, settle, ...load }: HttpLoad,
): Contender {
  let turn = 0
  return {
    name,
    async run(seconds) {
      const request = { ...load, ...(tokens && { tokens: tokens() }), origin: target.origin }
      const before = await target.cpuMicros()
      const report = await generateLoad({ ...request, seconds, firstTurn: turn })
      const after = await target.cpuMicros()
      turn += report.requests
      await settle?.()
      const { requests, p50Ms, p99Ms } = report
      return { perSecond: requests / report.seconds, p50Ms, p99Ms, cpuMicros: (after - before) / requests }
    },
  }
}
