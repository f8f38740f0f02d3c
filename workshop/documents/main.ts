import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listServices } from '../repository.ts'
import { findCollectionDrift, readCollections } from './collection-drift.ts'

// Writes the migration of each collection whose declaration has changed; it is read, and committed, with the change.
const time = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)
for (const service of await listServices()) {
  const directory = (await readCollections(service))?.directory
  if (directory === undefined) continue
  await mkdir(directory, { recursive: true })
  for (const definition of await findCollectionDrift(service)) {
    const file = `${time}_${definition.name}.json`
    await writeFile(join(directory, file), `${JSON.stringify(definition, null, 2)}\n`)
    console.log(`services/${service}/documents/${file}`)
  }
}
