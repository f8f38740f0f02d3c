import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ProblemError } from '@sandkeep/client'
import { readConfig } from '@sandkeep/service-kit'
import { configSchema } from '../config.ts'
import { createLoggers } from '../log.ts'
import { startProduct } from '../product.ts'
import { StartRefusedError } from '../start-refused-error.ts'
import { playFirstHour } from './first-hour.ts'
import { type DemoOptions, readOptions } from './options.ts'
import { describeEvents } from './settled-events.ts'
import { readTrack, TrackError } from './track.ts'
import { PromiseBrokenError } from './work-on.ts'

const mostExercises = 20

/** A product for the demo alone, on free ports and data that go with it. */
async function startOwn(stack: AsyncDisposableStack): Promise<NonNullable<DemoOptions['running']>> {
  const parent = await mkdtemp(join(tmpdir(), 'sandkeep-demo-'))
  stack.defer(() => rm(parent, { recursive: true, force: true }))
  const dataDirectory = join(parent, 'data')
  const config = readConfig(configSchema, { PORT: '0', DATA_DIR: dataDirectory })
  const { url } = stack.use(await startProduct({ config, loggers: createLoggers('warn') }))
  return { dataDirectory, url }
}

async function play(): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const options = await readOptions(process.argv.slice(2))
  const exercises = await readTrack(options.track, mostExercises)
  const { dataDirectory, url } = options.running ?? (await startOwn(stack))
  console.log(`A learner's first hour at ${url}, with the exercises of ${options.track}`)
  await playFirstHour({ url, mailDirectory: join(dataDirectory, 'mail'), exercises, say: console.log })
  console.log(await describeEvents(dataDirectory))
}

try {
  await play()
} catch (error) {
  const isTold = [StartRefusedError, TrackError, PromiseBrokenError, ProblemError].some(
    (it) => error instanceof it,
  )
  console.error(
    `The demo stopped: ${error instanceof Error ? (isTold ? error.message : String(error)) : String(error)}`,
  )
  process.exitCode = 1
}
