import { constants, existsSync } from 'node:fs'
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { StartRefusedError } from './start-refused-error.ts'

/** What is where in a data directory. */
export interface DataDirectory {
  root: string
  postgres: string
  objects: string
  mail: string
  /** Dead letters of the bus. */
  bus: string
  secrets: string
  signIn: string
}

const layout = 1
const layoutSchema = z.object({ layout: z.int() })

/** Opens a directory for Sandkeep's data, made when missing. Throws `StartRefusedError` for one that it cannot use. */
export async function openDataDirectory(path: string): Promise<DataDirectory> {
  const root = resolve(path)
  const directory = {
    root,
    postgres: join(root, 'postgres'),
    objects: join(root, 'objects'),
    mail: join(root, 'mail'),
    bus: join(root, 'bus'),
    secrets: join(root, 'secrets.json'),
    signIn: join(root, 'sign-in.txt'),
  }
  await makeWritable(root)
  const found = await readLayout(root)
  if (found === null) await start(directory)
  else if (found !== layout) throw new StartRefusedError(otherLayout(root, found))
  requireSecrets(directory)
  return directory
}

// New ones would not open what the old ones closed.
function requireSecrets({ postgres, secrets }: DataDirectory): void {
  if (!existsSync(join(postgres, 'cluster')) || existsSync(secrets)) return
  throw new StartRefusedError(
    `${secrets} is missing, and the data cannot be read without it. Restore it from a backup, or set DATA_DIR to another directory.`,
  )
}

async function makeWritable(root: string): Promise<void> {
  try {
    await mkdir(root, { recursive: true, mode: 0o711 })
    await access(root, constants.W_OK | constants.X_OK)
    await readdir(root)
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new StartRefusedError(
      `The data directory ${root} cannot be written (${reason}). Make it writable, or set DATA_DIR to another directory.`,
    )
  }
}

// Other files may be there: they are left alone.
async function start({ root, ...own }: DataDirectory): Promise<void> {
  const left = Object.values(own).filter((path) => existsSync(path))
  if (left.length > 0)
    throw new StartRefusedError(
      `${left.join(', ')} is there, but no ${join(root, 'sandkeep.json')}: the data directory is damaged. Restore it from a backup, or set DATA_DIR to another directory.`,
    )
  await writeFile(join(root, 'sandkeep.json'), `${JSON.stringify({ layout })}\n`, { flush: true })
}

async function readLayout(root: string): Promise<number | null> {
  const path = join(root, 'sandkeep.json')
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  return text === null ? null : parseLayout(text, path)
}

function parseLayout(text: string, path: string): number {
  try {
    return layoutSchema.parse(JSON.parse(text)).layout
  } catch {
    throw new StartRefusedError(
      `${path} is damaged. Restore the data directory from a backup, or set DATA_DIR to another.`,
    )
  }
}

const otherLayout = (root: string, found: number) =>
  `The data in ${root} is of layout ${found}, and this Sandkeep reads layout ${layout}. ${
    found > layout
      ? 'Use the newer Sandkeep that wrote it'
      : 'Use the Sandkeep that wrote it to move the data'
  }, or set DATA_DIR to another directory.`
