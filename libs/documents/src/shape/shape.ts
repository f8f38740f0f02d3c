import { createHash } from 'node:crypto'
import type { Key, Layout } from '../definition.ts'
import { CollectionDefinitionError } from '../errors.ts'

/** What a store remembers of the definition that it made a collection by. */
export interface Shape {
  keys: Readonly<Record<string, { fields: readonly string[]; unique: boolean }>>
  expiresAt: string | null
  schemaHash: string
}

/** What is missing for a collection to be as defined. */
export interface ShapePlan {
  layout: Layout
  schema: object
  isNew: boolean
  addKeys: readonly Key[]
  dropKeys: readonly string[]
  /** To be remembered afterwards. */
  shape: Shape
}

/** The collections of a store. What fails half-way can be made again. */
export interface Shapes {
  recall(collection: string): Promise<Shape | null>
  make(plan: ShapePlan): Promise<void>
  migrations(): Promise<AppliedMigration[]>
  recordMigration(migration: AppliedMigration): Promise<void>
}

export interface AppliedMigration {
  name: string
  checksum: string
}

interface Wanted {
  layout: Layout
  schema: object
  /** Without it a key that only the store knows stays: an older release may be running beside a newer one. */
  dropsKeys?: boolean
}

/** Makes what is missing of a collection. What is there already must fit. */
export async function makeCollection(shapes: Shapes, wanted: Wanted): Promise<void> {
  const plan = planShape(wanted, await shapes.recall(wanted.layout.name))
  if (plan !== null) await shapes.make(plan)
}

/** Null when nothing is missing. */
function planShape({ layout, schema, dropsKeys = false }: Wanted, before: Shape | null): ShapePlan | null {
  checkExpiry(layout, before)
  const declared = declaredKeys(layout)
  const addKeys = declared.filter((key) => isNewKey(layout, key, before))
  const dropKeys = dropsKeys ? Object.keys(before?.keys ?? {}).filter((name) => !layout.keys.has(name)) : []
  const schemaHash = createHash('sha256').update(JSON.stringify(schema)).digest('hex')
  const hasAll = before?.schemaHash === schemaHash && addKeys.length === 0 && dropKeys.length === 0
  if (hasAll) return null
  const kept = Object.entries(before?.keys ?? {}).filter(([name]) => !dropKeys.includes(name))
  const keys = Object.fromEntries([
    ...kept,
    ...declared.map(({ name, fields, unique }) => [name, { fields, unique }] as const),
  ])
  const shape = { keys, expiresAt: layout.expiresAt ?? null, schemaHash }
  return { layout, schema, isNew: before === null, addKeys, dropKeys, shape }
}

/** The order by `id` is always there. */
function declaredKeys(layout: Layout): Key[] {
  return [...layout.keys.values()].filter((key) => key.name !== 'id')
}

function checkExpiry(layout: Layout, before: Shape | null): void {
  if (before === null || before.expiresAt === (layout.expiresAt ?? null)) return
  throw new CollectionDefinitionError(
    layout.name,
    'its expiry field changed: give the new collection a new name',
  )
}

function isNewKey(layout: Layout, key: Key, before: Shape | null): boolean {
  const known = before?.keys[key.name]
  if (known === undefined) return true
  if (known.unique === key.unique && known.fields.join() === key.fields.join()) return false
  throw new CollectionDefinitionError(layout.name, `the key ${key.name} changed: give the new one a new name`)
}
