import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from '../check/stage.ts'
import { root } from '../repository.ts'
import { problemsJson, problemsPage } from './page.ts'
import { type RegisteredProblem, readRegistry } from './registry.ts'

const outputs: [path: string, render: (problems: RegisteredProblem[]) => string][] = [
  ['docs/problems.md', problemsPage],
  ['docs/problems.json', problemsJson],
]

/** Every problem code is documented as the code declares it. */
export const problems = inspect('problems', async () => {
  const { problems, faults } = await readRegistry()
  const stale = await Promise.all(
    outputs.map(async ([path, render]) => {
      const now = await readFile(join(root, path), 'utf8').catch(() => '')
      return now === render(problems) ? [] : [`${path} is stale: run npm run gen`]
    }),
  )
  return { problems: [...faults, ...stale.flat()], summary: `${problems.length} codes` }
})

/** Writes the pages. Answers what could not be documented. */
export async function writeProblems(): Promise<string[]> {
  const { problems, faults } = await readRegistry()
  for (const [path, render] of outputs) await writeFile(join(root, path), render(problems))
  return faults
}
