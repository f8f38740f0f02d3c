import { layoutOf } from '../definition.ts'
import { createValidator } from '../validator.ts'
import type { Migration } from './migration-files.ts'
import { type AppliedMigration, makeCollection, type Shapes } from './shape.ts'

/** What is left to apply; refuses, by name, a file that was edited after it was applied. */
function pendingMigrations(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
): Migration[] {
  const checksums = new Map(applied.map((it) => [it.name, it.checksum]))
  const edited = migrations.filter((it) => (checksums.get(it.name) ?? it.checksum) !== it.checksum)
  if (edited.length > 0) {
    const names = edited.map((it) => it.name).join(', ')
    throw new Error(
      `migration ${names} of documents was edited after it was applied: restore the file and write a new migration`,
    )
  }
  return migrations.filter((it) => !checksums.has(it.name))
}

/** Applies what is new, in order. One that failed half-way is applied again from its beginning. */
export async function applyMigrations(shapes: Shapes, migrations: readonly Migration[]): Promise<void> {
  for (const migration of pendingMigrations(migrations, await shapes.migrations())) {
    const { definition, name, checksum } = migration
    const [layout, { schema }] = [layoutOf(definition), definition]
    // Throws when the schema cannot be used.
    createValidator(layout, schema)
    await makeCollection(shapes, { layout, schema, dropsKeys: true })
    await shapes.recordMigration({ name, checksum })
  }
}
