import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execute, inspect } from '../check/stage.ts'
import { root } from '../repository.ts'
import { findBreakingChanges } from './breaking-changes.ts'

export const currentApi = 'docs/openapi.json'
export const releasedApi = 'docs/released/openapi.json'

const describeApi = ['node', 'deploy/embedded/src/openapi/main.ts', '--check']

/** The document says what the services do, and a client written for the released one still works with it. */
export const api = inspect('api', async () => {
  const { code, output } = await execute(describeApi)
  if (code !== 0) return { problems: [output], summary: '' }
  const [before, after] = await Promise.all([readDocument(releasedApi), readDocument(currentApi)])
  const paths = Object.keys(before.paths).length
  return { problems: findBreakingChanges(before, after), summary: `${paths} released paths` }
})

async function readDocument(path: string): Promise<{ paths: object }> {
  const document: { paths: object } = JSON.parse(await readFile(join(root, path), 'utf8'))
  return document
}
