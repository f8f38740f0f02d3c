import type { SandkeepClient } from '@sandkeep/client'
import { type Change, openDesk } from './desk.ts'
import { createStopwatch, type Step } from './stopwatch.ts'
import type { Exercise } from './track.ts'
import { difference } from './zip.ts'

/** Something is not as the product promises. */
export class PromiseBrokenError extends Error {
  override readonly name = 'PromiseBrokenError'
}

/** What a learner does with one exercise: from its starter files to an export of the solved ones. Answers the steps. */
export async function workOn(api: SandkeepClient['api'], exercise: Exercise): Promise<Step[]> {
  const { name, starter, solution } = exercise
  const { step, steps } = createStopwatch()

  const desk = await step('create', async () => {
    const made = await openDesk(api, name)
    await made.change(writesOf(starter))
    return made
  })
  await step('edit', async () => {
    for (const [path, content] of solution) await desk.putFile(path, content)
  })
  const solved = await step('checkpoint', () => desk.checkpoint('Solved'))
  await step('break', () => desk.change(breaking(exercise)))
  const { undo } = await step('restore', () => desk.restore(solved.id))
  await step('diff', async () => {
    requireNone(await desk.changedSince(solved.id), 'the restored files differ from the checkpoint')
    if ((await desk.changedSince(undo.id)).length === 0)
      throw new PromiseBrokenError('what was broken before the restore cannot be seen any more')
  })
  await step('fork', async () => {
    const fork = await desk.fork(`${name}, another way`)
    for (const path of solution.keys()) await fork.putFile(path, Buffer.from('% another way\n'))
    requireNone(await desk.changedSince(solved.id), 'the fork changed its parent')
  })
  await step('export', async () => {
    const differs = difference(await desk.export(), new Map([...starter, ...solution]))
    if (differs !== null) throw new PromiseBrokenError(`the archive is not the working tree: ${differs}`)
  })
  return steps
}

const writesOf = (files: ReadonlyMap<string, Buffer>): Change[] =>
  [...files].map(([path, content]) => ({ path, contentBase64: content.toString('base64') }))

/** The solution becomes nonsense, and everything else is deleted. */
const breaking = ({ starter, solution }: Exercise): Change[] => [
  ...[...solution.keys()].map((path) => ({ path, content: 'oops\n' })),
  ...[...starter.keys()]
    .filter((path) => !solution.has(path))
    .map((path) => ({ path, delete: true as const })),
]

function requireNone(paths: string[], complaint: string): void {
  if (paths.length > 0) throw new PromiseBrokenError(`${complaint}: ${paths.join(', ')}`)
}
