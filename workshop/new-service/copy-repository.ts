import { cp, mkdir, readdir, readFile, realpath, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execute } from '../check/stage.ts'
import { listFiles, root } from '../repository.ts'

/** What programs write below node_modules; the copy must not share it. */
const written = new Set(['.stamps', '.cache', '.vite', '.vite-temp', '.vitest', '.modules.yaml'])

/** A working copy of this repository, with its installed packages, that nothing leads out of. */
export async function copyRepository(target: string): Promise<void> {
  for (const file of await listFiles()) {
    await mkdir(dirname(join(target, file)), { recursive: true })
    await cp(join(root, file), join(target, file), { verbatimSymlinks: true })
  }
  await mkdir(join(target, 'node_modules'))
  for (const entry of await readdir(join(root, 'node_modules'))) {
    if (!written.has(entry))
      await symlink(join(root, 'node_modules', entry), join(target, 'node_modules', entry))
  }
  for (const folder of await packageFolders()) {
    const installed = join(folder, 'node_modules')
    await cp(join(root, installed), join(target, installed), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !written.has(path.split('/').at(-1) ?? ''),
    })
  }
  await execute(['git', 'init', '--quiet'], { cwd: target })
}

/** Gives a new package what it depends on, as an installation would: from what others have installed. */
export async function linkDependencies(target: string, folder: string): Promise<void> {
  const manifest = await readManifest(join(target, folder))
  const packages = await packageFolders()
  const names = new Map(
    await Promise.all(packages.map(async (it) => [(await readManifest(join(root, it))).name, it] as const)),
  )
  for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
    const own = names.get(dependency)
    const from = own ? join(target, own) : await findInstalled(dependency, packages)
    const to = join(target, folder, 'node_modules', dependency)
    await mkdir(dirname(to), { recursive: true })
    await symlink(from, to)
  }
}

interface Manifest {
  name: string
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

const readManifest = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))

async function packageFolders(): Promise<string[]> {
  const manifests = (await listFiles()).filter((it) => /^[^.]+\/package\.json$/.test(it))
  return manifests.map((it) => dirname(it)).filter((it) => it !== 'tools' && !it.includes('template'))
}

async function findInstalled(dependency: string, packages: string[]): Promise<string> {
  for (const folder of packages) {
    const path = await realpath(join(root, folder, 'node_modules', dependency)).catch(() => null)
    if (path !== null) return path
  }
  throw new Error(`${dependency} is not installed for any package`)
}
