import { PassThrough, type Readable } from 'node:stream'
import yazl from 'yazl'
import type { FileVersion } from '../file/file.ts'

// In local time, as archives tell it: with that, equal trees make equal archives wherever they are made.
const options = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true, mode: 0o100644 }

/** A zip of the files in the given order; each is opened when its turn comes. */
export function writeZip(
  files: readonly FileVersion[],
  open: (file: FileVersion) => Promise<Readable>,
): Readable {
  const zip = new yazl.ZipFile()
  const output = new PassThrough()
  zip.on('error', (error: Error) => output.destroy(error))
  for (const file of files) {
    zip.addReadStreamLazy(file.path, { ...options, size: file.sizeBytes }, (use) => {
      open(file).then(
        (stream) => {
          output.once('close', () => stream.destroy())
          stream.on('error', (error) => output.destroy(error))
          use(null, stream)
        },
        (error: Error) => output.destroy(error),
      )
    })
  }
  zip.end()
  zip.outputStream.pipe(output)
  return output
}
