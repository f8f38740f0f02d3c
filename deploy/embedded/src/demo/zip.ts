import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import yauzl from 'yauzl'

/** The files of a zip archive by path. Entries that name directories are left out. */
export async function readZip(archive: Buffer): Promise<Map<string, Buffer>> {
  const zip = await promisify<Buffer, yauzl.Options, yauzl.ZipFile>(yauzl.fromBuffer)(archive, {
    lazyEntries: true,
  })
  const open = promisify<yauzl.Entry, NodeJS.ReadableStream>(zip.openReadStream.bind(zip))
  const files = new Map<string, Buffer>()
  return new Promise((resolve, reject) => {
    zip.once('error', reject).once('end', () => resolve(files))
    zip.on('entry', (entry: yauzl.Entry) => {
      readEntry(entry).then(() => zip.readEntry(), reject)
    })
    zip.readEntry()
  })

  async function readEntry(entry: yauzl.Entry): Promise<void> {
    if (entry.fileName.endsWith('/')) return
    files.set(entry.fileName, await buffer(await open(entry)))
  }
}

/** Says how two sets of files differ, or null when they are the same byte for byte. */
export function difference(
  actual: ReadonlyMap<string, Buffer>,
  expected: ReadonlyMap<string, Buffer>,
): string | null {
  for (const [path, body] of expected) {
    const other = actual.get(path)
    if (other === undefined) return `${path} is missing`
    if (!other.equals(body)) return `${path} differs`
  }
  for (const path of actual.keys()) if (!expected.has(path)) return `${path} should not be there`
  return null
}
