import type { Collection, Position } from '@sandkeep/documents'
import type { Objects } from '@sandkeep/objects'
import type { Database } from '@sandkeep/postgres'
import { manifestPrefix } from '../checkpoint/manifest-store.ts'
import type { Clock } from '../clock.ts'
import { filePrefix } from './content-store.ts'
import type { FileDocument } from './file-document.ts'
import { referencedDocuments, referencedObjects } from './file-store.ts'

interface SweepDependencies {
  db: Database
  files: Collection<FileDocument>
  objects: Objects
  clock: Clock
}

/** Content is written before the row that refers to it; what is younger than this may be about to be referred to. */
const sweepGraceMs = 24 * 3_600_000

const pageSize = 500

export interface Swept {
  documents: number
  objects: number
}

/**
 * Deletes stored content that no row refers to. New rows come only from a write younger than the grace, or from rows
 * that are held against deletion by the transaction that copies them, so what is unreferenced and old stays so;
 * objects are shared by hash, and writing one again renews its age, which the delete checks at that moment.
 */
export function createContentSweeper({ db, files, objects, clock }: SweepDependencies) {
  const sweepDocuments = async (before: Date, signal?: AbortSignal): Promise<number> => {
    let deleted = 0
    let after: Position | undefined
    do {
      signal?.throwIfAborted()
      const page = await files.range({ key: 'id', limit: pageSize, ...(after ? { after } : {}) })
      const old = page.items.filter((document) => new Date(document.createdAt) < before).map(({ id }) => id)
      const kept = await referencedDocuments(db, old)
      deleted += await files.delete(old.filter((id) => !kept.has(id)))
      after = page.nextAfter
    } while (after !== undefined)
    return deleted
  }

  const sweepObjects = async (prefix: string, before: Date, signal?: AbortSignal): Promise<number> => {
    let deleted = 0
    let after: string | undefined
    do {
      signal?.throwIfAborted()
      const page = await objects.list(`${prefix}/`, { limit: pageSize, ...(after ? { after } : {}) })
      const old = page.items.filter((object) => object.modifiedAt < before).map(({ key }) => key)
      const kept = await referencedObjects(db, old)
      for (const key of old.filter((candidate) => !kept.has(candidate))) {
        if (await objects.delete(key, { ifModifiedBefore: before })) deleted += 1
      }
      after = page.nextAfter
    } while (after !== undefined)
    return deleted
  }

  return {
    async sweep(signal?: AbortSignal): Promise<Swept> {
      const before = new Date(clock.now().getTime() - sweepGraceMs)
      const documents = await sweepDocuments(before, signal)
      const inFiles = await sweepObjects(filePrefix, before, signal)
      const inManifests = await sweepObjects(manifestPrefix, before, signal)
      return { documents, objects: inFiles + inManifests }
    },
  }
}
