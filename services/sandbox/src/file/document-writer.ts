import type { Collection } from '@sandkeep/documents'
import { type Database, newId } from '@sandkeep/postgres'
import type { StagedContent } from './content-store.ts'
import type { FileContent } from './file.ts'
import type { FileDocument } from './file-document.ts'
import { FileBusyError } from './file-errors.ts'
import { newestVersions } from './file-store.ts'
import { fileTypeOf } from './media-type.ts'

export interface StagedFile {
  path: string
  mediaType: string
  content: StagedContent
}

interface Writing {
  sandboxId: string
  createdBy: string
  now: Date
}

const attempts = 5

/**
 * Writes the documents of new versions, in the order of the files. A number that another writer (or one that died)
 * has taken already is passed over.
 */
export async function writeDocuments(
  db: Database,
  collection: Collection<FileDocument>,
  staged: readonly StagedFile[],
  writing: Writing,
): Promise<FileContent[]> {
  const newest = await newestVersions(
    db,
    writing.sandboxId,
    staged.map((file) => file.path),
  )
  const versions = staged.map((file) => (newest.get(file.path) ?? 0) + 1)
  const documents = staged.map((file, index) => toDocument(file, versions[index] ?? 1, writing))
  let pending = documents
  for (let attempt = 0; pending.length > 0; attempt += 1) {
    if (attempt === attempts) throw new FileBusyError(pending[0]?.path ?? '')
    const results = await collection.insert(pending)
    pending = pending.filter((_, index) => results[index] === 'conflict')
    for (const document of pending) document.version = await nextFree(collection, document)
  }
  return documents.map((document, index) => toContent(document, staged[index]?.mediaType ?? '', writing.now))
}

async function nextFree(
  collection: Collection<FileDocument>,
  { sandboxId, path }: FileDocument,
): Promise<number> {
  const page = await collection.range({
    key: 'byVersion',
    prefix: [sandboxId, path],
    limit: 1,
    descending: true,
  })
  return (page.items[0]?.version ?? 0) + 1
}

function toDocument({ path, content }: StagedFile, version: number, writing: Writing): FileDocument {
  return {
    id: newId(),
    sandboxId: writing.sandboxId,
    path,
    version,
    fileType: fileTypeOf(path, content.encoding),
    encoding: content.encoding,
    sizeBytes: content.sizeBytes,
    sha256: content.sha256,
    ...(content.text === undefined ? {} : { content: content.text }),
    ...(content.objectKey === undefined ? {} : { objectKey: content.objectKey }),
    createdAt: writing.now.toISOString(),
    createdBy: writing.createdBy,
  }
}

function toContent(document: FileDocument, mediaType: string, writtenAt: Date): FileContent {
  const { id, version, encoding, sizeBytes, sha256, objectKey } = document
  return {
    documentId: id,
    fresh: { version, writtenAt },
    objectKey: objectKey ?? null,
    encoding,
    sizeBytes,
    sha256,
    mediaType,
  }
}
