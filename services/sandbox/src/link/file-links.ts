import { hkdfSync } from 'node:crypto'
import { type LinkSigner, type Objects, putContent, signedContentUrl } from '@sandkeep/objects'
import type { Secret } from '@sandkeep/service-kit'
import type { ContentStore } from '../file/content-store.ts'
import { filePrefix } from '../file/content-store.ts'
import type { FileVersion } from '../file/file.ts'
import { ContentLostError } from '../file/file-errors.ts'

/** Where links into a store without URLs of its own are served. */
export const downloadsPath = '/v1/downloads'

export const createLinkSigner = (secret: Secret): LinkSigner => ({
  path: downloadsPath,
  secret: new Uint8Array(hkdfSync('sha256', secret.reveal(), '', 'sandkeep sandbox links', 32)),
})

export interface FileLink {
  url: string
  expiresAt: Date
}

export interface FileLinks {
  /** A URL that gives the bytes of this version to whoever has it, until it expires. */
  make(file: FileVersion, expiresInSeconds: number): Promise<FileLink>
}

/** Links go to objects: a small text is put into one for its link, and swept when that has long expired. */
export function createFileLinks(objects: Objects, contents: ContentStore): FileLinks {
  return {
    async make(file, expiresInSeconds) {
      if (file.objectKey === null) {
        await putContent(objects, filePrefix, Buffer.from(await contents.readText(file)))
      }
      const expiresAt = new Date(Date.now() + expiresInSeconds * 1_000)
      const url = await signedContentUrl(
        objects,
        { prefix: filePrefix, sha256: file.sha256 },
        { expiresInSeconds, contentType: file.mediaType, fileName: nameOf(file.path) },
      )
      if (url === null) throw new ContentLostError(file.sha256)
      return { url, expiresAt }
    },
  }
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
