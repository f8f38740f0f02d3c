import { availableParallelism } from 'node:os'
import { hash, verify } from '@node-rs/argon2'
import { password, passwordCosts } from '../fleet/people.ts'
import { answerOnce } from './run-in-process.ts'
import { type Figures, percentile } from './statistics.ts'

answerOnce(async ({ seconds }: { seconds: number }): Promise<Figures> => {
  const encoded = await hash(password, passwordCosts)
  const durations: number[] = []
  const cpu = process.cpuUsage()
  const started = performance.now()
  const checker = async () => {
    while (performance.now() < started + seconds * 1000) {
      const begun = performance.now()
      await verify(encoded, password)
      durations.push(performance.now() - begun)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, checker))
  const perSecond = durations.length / ((performance.now() - started) / 1000)
  const { user, system } = process.cpuUsage(cpu)
  const sorted = Float64Array.from(durations).sort()
  return {
    perSecond,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    cpuMicros: (user + system) / durations.length,
  }
})
