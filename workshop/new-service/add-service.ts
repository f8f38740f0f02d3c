import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { listServices } from '../repository.ts'
import { NameError, type Names, rename } from './names.ts'

const template = join(import.meta.dirname, 'template')

/** Writes the new service into the repository at `root` and joins it to the contracts. Answers the new files. */
export async function addService(root: string, names: Names): Promise<string[]> {
  if ((await listServices(root)).includes(names.service)) {
    throw new NameError(`services/${names.service} exists already`)
  }
  const entries = await readdir(template, { recursive: true, withFileTypes: true })
  const files = entries.filter((it) => it.isFile()).map((it) => join(it.parentPath, it.name))
  const written: string[] = []
  for (const file of files) {
    const path = rename(file.slice(template.length + 1), names)
    await write(join(root, path), rename(await readFile(file, 'utf8'), names))
    written.push(path)
  }
  await joinContracts(root, names)
  return written.toSorted()
}

/** The contracts are the one place that knows every owner of events. */
async function joinContracts(root: string, names: Names): Promise<void> {
  const local = rename('sampleBox', names)
  await edit(
    join(root, 'libs/contracts/src/index.ts'),
    (text) => `${text}export * from './${names.service}.ts'\n`,
  )
  await edit(join(root, 'libs/contracts/src/registry.ts'), (text) =>
    text
      .replace(/(?=\n\/\*\* A contract where)/, `import * as ${local} from './${names.service}.ts'\n`)
      .replace(/\[([a-z, ]+)\](?=\s*\.flatMap)/i, (_, owners: string) => `[${owners}, ${local}]`),
  )
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

async function edit(path: string, change: (text: string) => string): Promise<void> {
  const before = await readFile(path, 'utf8')
  const after = change(before)
  if (after === before) throw new Error(`${path} does not look as expected; nothing was added to it`)
  await writeFile(path, after)
}
