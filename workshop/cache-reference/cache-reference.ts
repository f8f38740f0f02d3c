import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from '../check/stage.ts'
import { listFiles, root } from '../repository.ts'
import { declarationFile, readDeclaredKeys } from './declared-keys.ts'
import { cacheKeysPage } from './page.ts'

const output = 'docs/cache-keys.md'

/** The page of cache keys says what the services declare, and they declare all where it is read from. */
export const cacheReference = inspect('cache keys', async () => {
  const owners = await readDeclaredKeys()
  const now = await readFile(join(root, output), 'utf8').catch(() => '')
  const stale = now === cacheKeysPage(owners) ? [] : [`${output} is stale: run npm run gen`]
  const count = owners.flatMap((it) => it.keys).length
  return { problems: [...stale, ...(await strayDeclarations())], summary: `${count} keys` }
})

/** Writes the page. */
export async function writeCacheReference(): Promise<void> {
  await writeFile(join(root, output), cacheKeysPage(await readDeclaredKeys()))
}

async function strayDeclarations(): Promise<string[]> {
  const sources = (await listFiles()).filter((it) => isStray(it))
  const texts = await Promise.all(sources.map((it) => readFile(join(root, it), 'utf8')))
  return sources.flatMap((it, index) =>
    texts[index]?.includes('declareCacheKeys(')
      ? [`${it} declares keys of the cache that the register does not know: move them to ${declarationFile}`]
      : [],
  )
}

/** Sources of services, but for where keys are declared, and tests. */
const isStray = (path: string): boolean =>
  /^services\/[^/]+\/src\/.*\.ts$/.test(path) &&
  !path.endsWith(`/${declarationFile}`) &&
  !path.endsWith('.test.ts')
