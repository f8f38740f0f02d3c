import { randomInt } from 'node:crypto'
import pg from 'pg'
import { answerOnce } from './run-in-process.ts'
import type { SqlLoad } from './sql-load.ts'
import { type Figures, percentile } from './statistics.ts'

answerOnce(drive)

async function drive(load: SqlLoad & { seconds: number }): Promise<Figures> {
  const { url, statements, upTo, clients, seconds } = load
  const prepared = statements.map((text, index) => ({
    name: `statement_${index}`,
    text: text.replaceAll(/(?<!:):n\b/g, '$1'),
    takesNumber: /(?<!:):n\b/.test(text),
  }))
  const durations: number[] = []
  const started = performance.now()
  const end = started + seconds * 1000
  const client = async () => {
    const connection = new pg.Client(url)
    await connection.connect()
    while (performance.now() < end) {
      const sent = performance.now()
      const number = randomInt(1, upTo + 1)
      for (const { name, text, takesNumber } of prepared)
        await connection.query({ name, text, values: takesNumber ? [number] : [] })
      durations.push(performance.now() - sent)
    }
    await connection.end()
  }
  await Promise.all(Array.from({ length: clients }, client))
  const sorted = Float64Array.from(durations).sort()
  const perSecond = durations.length / ((performance.now() - started) / 1000)
  return { perSecond, p50Ms: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99), cpuMicros: Number.NaN }
}
