import { pathToFileURL } from 'node:url'
import { migrations } from '@sandkeep/documents'
import { engines, tempDirectory, testDatabase } from '@sandkeep/testkit'
import type { Bench } from '../harness/bench.ts'
import { chosen } from '../harness/options.ts'
import { alternate, pairedRatio } from '../harness/rounds.ts'
import { pairs } from './pairs.ts'
import type { Place } from './work.ts'
import { workContender } from './work-contender.ts'

const maxRatio = 1.2
const defaultCallers = 16
const parts = Object.keys(pairs).map((name) => ({ name }))

export const benchAdapters: Bench = {
  summary: 'the processor time of each adapter beside that of its driver alone',
  async run({ rounds, seconds, callers, only, profile }, goals) {
    await using stack = new AsyncDisposableStack()
    const placeOf = createPlaces(stack)
    for (const { name } of chosen(parts, only)) {
      const place = await placeOf(name.split('-')[0] ?? '')
      await using processes = new AsyncDisposableStack()
      const order = { ...place, pair: name, callers: callers ?? defaultCallers }
      const ours = await workContender({ ...order, side: 'ours' }, profile, processes)
      const bare = await workContender({ ...order, side: 'bare' }, profile, processes)
      const plan = { rounds, seconds, print: console.log }
      const results = await alternate(name, [ours, bare], plan)
      goals.atMost(`${name} cpu`, pairedRatio(results, ours.name, bare.name, 'cpuMicros'), maxRatio)
    }
  },
}

/** Starts an engine when it is first asked for. */
function createPlaces(stack: AsyncDisposableStack): (engine: string) => Promise<Place> {
  const urls = new Map<string, string>()
  const started = async (engine: string) => {
    const url = urls.get(engine) ?? (await start(engine, stack))
    urls.set(engine, url)
    return url
  }
  return async (engine) => {
    const needsDatabase = engine === 'postgres' || engine === 'mongodb'
    return { url: await started(engine), databaseUrl: needsDatabase ? await started('postgres') : '' }
  }
}

async function start(engine: string, stack: AsyncDisposableStack): Promise<string> {
  switch (engine) {
    case 'postgres': {
      const server = stack.use(await engines.start('postgres', { durable: true }))
      return stack.use(await testDatabase({ migrations: [migrations], serverUrl: server.url })).url
    }
    case 'mongodb':
      return stack.use(await engines.start('mongodb', { durable: true })).url
    case 'redis':
      return stack.use(await engines.start('redis')).url
    case 's3':
      return stack.use(await engines.start('s3')).url
    case 'rabbitmq':
      return stack.use(await engines.start('rabbitmq')).url
    case 'file':
      return pathToFileURL(await tempDirectory(stack)).href
    default:
      throw new Error(`no engine is called ${engine}`)
  }
}
