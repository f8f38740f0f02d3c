import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findInstance } from '../instance.ts'
import { StartRefusedError } from '../start-refused-error.ts'

export interface DemoOptions {
  /** A directory in Exercism's layout, or an `.ndjson` file. */
  track: string
  /** The data directory of a running product, whose mail is read; null to start one for the demo. */
  running: { dataDirectory: string; url: string } | null
}

const usage = `npm run demo -- [TRACK] [--data DIR [--url URL]]
  TRACK       exercises: a folder in Exercism's layout, or an .ndjson file of {"path", "text"}
  --data DIR  play on the Sandkeep that runs on this data directory, instead of one that is started and thrown away
  --url URL   where its gateway answers, unless it says so itself`

const root = resolve(import.meta.dirname, '../../../..')
const shared = join(root, '../shared/data/exercism-elixir-track.ndjson')
const shipped = join(import.meta.dirname, '../../exercises')

/** Reads the command line. Throws `StartRefusedError` for one that cannot be followed. */
export async function readOptions(args: string[]): Promise<DemoOptions> {
  const { values, positionals } = parse(args)
  const [track = existsSync(shared) ? shared : shipped, ...more] = positionals
  if (more.length > 0) throw new StartRefusedError(`Name one track.\n${usage}`)
  const { url, data } = values
  if (url === undefined && data === undefined) return { track, running: null }
  const dataDirectory = resolve(data ?? 'data')
  const found = url ?? (await findInstance(dataDirectory))?.url
  if (!found)
    throw new StartRefusedError(`No Sandkeep runs on ${dataDirectory}: start it, or name its --url.`)
  return { track, running: { dataDirectory, url: found } }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { url: { type: 'string' }, data: { type: 'string' } },
    })
  } catch (error) {
    throw new StartRefusedError(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
  }
}
