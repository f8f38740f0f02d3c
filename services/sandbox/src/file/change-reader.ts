import type { z } from 'zod'
import type { StagedContent } from './content-store.ts'
import type { Expectation } from './file.ts'
import type { Edit } from './file-editor.ts'
import { parsePath } from './file-path.ts'
import type { ChangeBody, moveBody } from './file-view.ts'
import { mediaTypeOf } from './media-type.ts'

/** A change whose paths obey the rules; what it writes is not taken in yet. */
export type ReadChange = (
  | { kind: 'put'; path: string; mediaType: string; bytes: Buffer }
  | { kind: 'delete'; path: string }
  | { kind: 'move'; from: string; to: string }
) & { expected?: Expectation }

export function readChanges(changes: readonly ChangeBody[]): ReadChange[] {
  return changes.map((change, index) => readChange(change, `/changes/${index}`))
}

export function readMove({ from, to, ifVersion }: z.infer<typeof moveBody>): ReadChange {
  return {
    kind: 'move',
    from: parsePath(from, '/from'),
    to: parsePath(to, '/to'),
    ...(ifVersion === undefined ? {} : { expected: { version: ifVersion } }),
  }
}

/** Takes in what is written; `otherwise` is expected of files of which the caller said nothing. */
export async function stageChanges(
  changes: readonly ReadChange[],
  otherwise: Expectation | undefined,
  stage: (bytes: Buffer) => Promise<StagedContent>,
): Promise<Edit[]> {
  const edits: Edit[] = []
  for (const change of changes) {
    const expected = change.expected ?? otherwise
    const condition = expected === undefined ? {} : { expected }
    if (change.kind !== 'put') edits.push({ ...change, ...condition })
    else {
      const { bytes, ...put } = change
      edits.push({ ...put, ...condition, content: await stage(bytes) })
    }
  }
  return edits
}

function readChange(change: ChangeBody, pointer: string): ReadChange {
  const path = parsePath(change.path, `${pointer}/path`)
  const condition = conditionOf(change)
  if (change.moveFrom !== undefined)
    return { kind: 'move', from: parsePath(change.moveFrom, `${pointer}/moveFrom`), to: path, ...condition }
  if (change.delete) return { kind: 'delete', path, ...condition }
  const bytes =
    change.contentBase64 === undefined
      ? Buffer.from(change.content ?? '')
      : Buffer.from(change.contentBase64, 'base64')
  return { kind: 'put', path, mediaType: mediaTypeOf(path, change.mediaType), bytes, ...condition }
}

function conditionOf({ ifVersion, ifAbsent }: ChangeBody): { expected?: Expectation } {
  if (ifVersion !== undefined) return { expected: { version: ifVersion } }
  return ifAbsent ? { expected: 'absent' } : {}
}
