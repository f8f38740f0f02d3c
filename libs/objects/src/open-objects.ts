import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { openFileObjects } from './file/file-objects.ts'
import type { LinkSigner } from './link/signed-link.ts'
import type { Objects } from './objects.ts'

/**
 * Opens the store that a URL names: `file:` and a directory, which is created, relative to the working directory; or
 * `s3://[KEY:SECRET@]BUCKET[/PREFIX]?region=…[&endpoint=…]`, whose bucket exists.
 * `links` sign the URLs of a `file:` store, which the service itself serves; an S3 store has its own.
 */
export async function openObjects(url: string, { links }: { links?: LinkSigner } = {}): Promise<Objects> {
  const scheme = url.slice(0, url.indexOf(':') + 1)
  if (scheme === 's3:') {
    // Loaded where it is used: the client takes 40 MB.
    const { openS3Objects } = await import('./s3/s3-objects.ts')
    return openS3Objects(url)
  }
  if (scheme !== 'file:') {
    throw new Error(`An objects URL starts with file: or s3:, not with ${JSON.stringify(scheme)}`)
  }
  return openFileObjects(resolve(fileURLToPath(new URL(url, pathToFileURL(`${process.cwd()}/`)))), links)
}
