import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const registry = z.array(
  z.object({
    code: z.string(),
    status: z.int(),
    title: z.string(),
    from: z.string(),
    about: z.string().exactOptional(),
    messages: z.array(z.string()),
    advice: z.string(),
  }),
)

export type DocumentedProblem = z.infer<typeof registry>[number]

const file = join(import.meta.dirname, '../../../../docs/problems.json')

/** Every problem code of the fleet with what it means, as it is generated from the errors in the code. */
export async function readProblems(): Promise<DocumentedProblem[]> {
  return registry.parse(JSON.parse(await readFile(file, 'utf8')))
}
