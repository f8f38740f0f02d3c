import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { tempDirectory } from '@sandkeep/testkit'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const script = join(import.meta.dirname, '../../test/fill-disk.ts')
/** A small disk that only this command sees, and that goes with it. */
const onSmallDisk = (directory: string, command: string) => [
  '--mount',
  '--map-root-user',
  'sh',
  '-c',
  `mount -t tmpfs -o size=2m tmpfs '${directory}' && ${command}`,
]

test('a full disk is told as such, leaves nothing half-written, and what was there stays', async (context) => {
  await using stack = new AsyncDisposableStack()
  const directory = await tempDirectory(stack)
  const obstacle = await run('unshare', onSmallDisk(directory, 'true')).then(() => null, String)
  if (obstacle) return context.skip(`no small disk can be mounted here: ${obstacle}`)

  const { stdout } = await run(
    'unshare',
    onSmallDisk(directory, `exec '${process.execPath}' '${script}' '${directory}'`),
  )
  expect(JSON.parse(stdout)).toEqual({
    unavailable: true,
    message: 'ObjectsUnavailableError: The object store cannot be used: the disk is full',
    leftovers: [],
    large: null,
    small: 6,
  })
})
