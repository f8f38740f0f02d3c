import { type Figures, percentile } from '../harness/statistics.ts'
import { pairs } from './pairs.ts'
import type { Pair, Place, Work } from './work.ts'

export interface WorkOrder extends Place {
  pair: string
  side: keyof Pair
  /** At once. */
  callers: number
}

/** Opens once, so that what is hot stays compiled, and then works for each number of seconds that it is sent. */
process.once('message', (order: WorkOrder) => void open(order))

async function open(order: WorkOrder): Promise<void> {
  const work = await pairs[order.pair]?.[order.side](order)
  if (!work) throw new Error(`nothing is called ${order.pair}`)
  process.on('message', (seconds: number) => {
    void measure(work, seconds, order.callers).then((figures) => process.send?.(figures))
  })
  process.once('disconnect', () => void close(work))
  process.send?.('open')
}

async function close(work: Work): Promise<void> {
  await work[Symbol.asyncDispose]()
  process.exit()
}

async function measure(work: Work, seconds: number, callers: number): Promise<Figures> {
  const durations: number[] = []
  const cpu = process.cpuUsage()
  const started = performance.now()
  const end = started + seconds * 1000
  const caller = async () => {
    while (performance.now() < end) {
      const begun = performance.now()
      await work.once()
      durations.push(performance.now() - begun)
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  const perSecond = durations.length / ((performance.now() - started) / 1000)
  const { user, system } = process.cpuUsage(cpu)
  const sorted = Float64Array.from(durations).sort()
  const cpuMicros = (user + system) / durations.length
  return { perSecond, p50Ms: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99), cpuMicros }
}
