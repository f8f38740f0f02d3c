import { isDeepStrictEqual } from 'node:util'
import type { AnyDefinition } from '../documents.ts'
import { type Migration, readMigrations } from './migration-files.ts'

/** The collections of a service and the folder of the migrations that make them. */
export interface CollectionSource {
  directory: string
  definitions: readonly AnyDefinition[]
}

/** The definitions that are not what the migrations make, each as the next migration should have it. */
export async function findDrift({ directory, definitions }: CollectionSource): Promise<AnyDefinition[]> {
  return differing(definitions, await readMigrations(directory))
}

export function differing(
  definitions: readonly AnyDefinition[],
  migrations: readonly Migration[],
): AnyDefinition[] {
  const made = new Map(migrations.map(({ definition }) => [definition.name, definition]))
  return definitions
    .map((definition): AnyDefinition => JSON.parse(JSON.stringify(definition)))
    .filter((definition) => !isDeepStrictEqual(definition, made.get(definition.name)))
}
