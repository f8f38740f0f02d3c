import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { listServices, root } from '../repository.ts'

const module = z.object({
  consumers: z.array(
    z.object({
      topology: z.object({
        name: z.string(),
        ordered: z.boolean(),
        bindings: z.array(z.object({ type: z.string() })),
      }),
    }),
  ),
})

export interface Queue {
  name: string
  ordered: boolean
  types: string[]
}

/** The queues of the fleet, as the services declare them in `consumers.ts`. */
export async function readQueues(): Promise<Queue[]> {
  const files = (await listServices()).map((it) => join(root, 'services', it, 'src/consumers.ts'))
  const modules = await Promise.all(files.filter((it) => existsSync(it)).map((it) => import(it)))
  return modules
    .flatMap((it) => module.parse(it).consumers)
    .map(({ topology: { name, ordered, bindings } }) => ({
      name,
      ordered,
      types: bindings.map(({ type }) => type),
    }))
    .toSorted((a, b) => a.name.localeCompare(b.name))
}
