import type { Collection, Position } from '@sandkeep/documents'
import { type ContentSwept, type Objects, sweepContent } from '@sandkeep/objects'
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

/** How many documents are gone, and objects are in the bin; how many objects came out of it, and for good. */
export interface Swept extends Omit<ContentSwept, 'swept'> {
  documents: number
  objects: number
}

/**
 * Deletes stored content that no row refers to. New rows come only from a write younger than the grace, or from rows
 * that are held against deletion by the transaction that copies them, so what is unreferenced and old stays so.
 * Objects are shared by hash, so that an upload of the same bytes may meet their deletion: they wait in the bin.
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

  const sweepObjects = (prefix: string, signal?: AbortSignal) =>
    sweepContent({
      objects,
      prefix,
      now: clock.now(),
      graceMs: sweepGraceMs,
      referenced: (keys) => referencedObjects(db, keys),
      signal,
    })

  return {
    async sweep(signal?: AbortSignal): Promise<Swept> {
      const before = new Date(clock.now().getTime() - sweepGraceMs)
      const documents = await sweepDocuments(before, signal)
      const files = await sweepObjects(filePrefix, signal)
      const manifests = await sweepObjects(manifestPrefix, signal)
      return {
        documents,
        objects: files.swept + manifests.swept,
        restored: files.restored + manifests.restored,
        buried: files.buried + manifests.buried,
      }
    },
  }
}
