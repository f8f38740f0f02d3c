import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { listServices, root } from '../repository.ts'

const module = z.object({
  cacheKeys: z.object({
    owner: z.string(),
    declarations: z.record(
      z.string(),
      z.object({
        pattern: z.string(),
        holds: z.string(),
        longestMs: z.int(),
        forgottenWhen: z.string(),
        withoutCache: z.string(),
      }),
    ),
  }),
})

export interface OwnedKeys {
  owner: string
  keys: { pattern: string; holds: string; longestMs: number; forgottenWhen: string; withoutCache: string }[]
}

/** Where a service declares its keys. */
export const declarationFile = 'src/cache-keys.ts'

/** The keys of every service that has any. */
export async function readDeclaredKeys(): Promise<OwnedKeys[]> {
  const files = (await listServices()).map((it) => join(root, 'services', it, declarationFile))
  const modules = await Promise.all(files.filter((it) => existsSync(it)).map((it) => import(it)))
  return modules
    .map((it) => module.parse(it).cacheKeys)
    .map(({ owner, declarations }) => ({ owner, keys: Object.values(declarations) }))
    .toSorted((a, b) => a.owner.localeCompare(b.owner))
}
