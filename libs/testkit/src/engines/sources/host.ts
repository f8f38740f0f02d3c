import { execFile } from 'node:child_process'
import { glob, realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { machineRoot } from '../place.ts'
import type { Installed, Source } from './installed.ts'

const run = promisify(execFile)

export interface HostProgram {
  /** Where packages put the program: patterns, the first match counts. */
  paths: string[]
  /** `7.` for any Redis 7. */
  version: string
}

/** The program of that version that this machine's own packages brought, if they did. */
export const hostProgram =
  ({ paths, version }: HostProgram): Source =>
  async () => {
    for await (const path of glob(paths)) {
      const installed = await inspect(path, 'package of this machine')
      if (installed?.version.startsWith(version)) return installed
    }
    return null
  }

/** A program on this machine that says which version it is; null where it does not run. */
export async function inspect(path: string, from: string): Promise<Installed | null> {
  try {
    const program = await realpath(path)
    const { stdout } = await run(program, ['--version'])
    const version = /\d+(\.\d+)+/.exec(stdout)?.[0]
    return version === undefined ? null : { root: machineRoot, program, version, from }
  } catch {
    return null
  }
}

/** The same, for programs that call others in their folder: the folder. */
export const folderOf =
  (source: Source): Source =>
  async () => {
    const installed = await source()
    return installed && { ...installed, program: dirname(installed.program) }
  }
