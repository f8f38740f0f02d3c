import { openBus, startRelay } from '@sandkeep/messaging'
import { openPostgres } from '@sandkeep/postgres'
import { eventually } from '@sandkeep/testkit'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { answerOnce } from '../harness/run-in-process.ts'
import type { Figures } from '../harness/statistics.ts'
import { announceMany } from './event.ts'
import { type Batch, warmUpCount } from './messaging-place.ts'

const patience = { timeoutMs: 120_000 }

/** From the commit of many events at once until the last is confirmed and in the log. */
answerOnce(async ({ brokerUrl, databaseUrl, count }: Batch): Promise<Figures> => {
  await using stack = new AsyncDisposableStack()
  const log = pino({ level: 'silent' })
  const metrics = new Registry()
  const db = stack.use(await openPostgres({ url: databaseUrl, applicationName: 'bench' }))
  const bus = stack.use(await openBus(brokerUrl, { log, name: 'bench', metrics }))
  stack.use(startRelay({ db, bus, owner: 'identity', log, metrics }))
  const published = async (total: number) => {
    const { values = [] } = (await metrics.getSingleMetric('outbox_published_total')?.get()) ?? {}
    if (values.reduce((sum, { value }) => sum + value, 0) < total) throw new Error('some are not published')
  }
  await announceMany(db, warmUpCount)
  await eventually(() => published(warmUpCount), patience)
  await announceMany(db, count)
  const cpu = process.cpuUsage()
  const started = performance.now()
  await eventually(() => published(warmUpCount + count), patience)
  const perSecond = count / ((performance.now() - started) / 1000)
  const { user, system } = process.cpuUsage(cpu)
  return { perSecond, p50Ms: Number.NaN, p99Ms: Number.NaN, cpuMicros: (user + system) / count }
})
