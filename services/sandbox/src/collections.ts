import type { CollectionSource } from '@sandkeep/documents'
import { sandboxFiles } from './file/file-document.ts'

/** What the service keeps in documents, and the migrations that make it so. */
export const collections: CollectionSource = {
  directory: `${import.meta.dirname}/../documents`,
  definitions: [sandboxFiles],
}
