import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDatabase } from '../src/create-database.ts'
import { shippedBinDirectory } from '../src/embedded/binaries.ts'
import { startEmbeddedPostgres } from '../src/embedded/start.ts'

/** A folder that goes with the stack. */
export async function temporaryDirectory(stack: AsyncDisposableStack): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sandkeep-postgres-'))
  stack.defer(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** The shipped server, so that every machine tests the same; a local installation counts where there is none. */
export function throwAwayOptions(dataDirectory: string) {
  const binDirectory = shippedBinDirectory()
  return { dataDirectory, durable: false, ...(binDirectory === undefined ? {} : { binDirectory }) }
}

let count = 0

/** Makes databases on a server of the caller's own; answers their URLs. */
export async function startTestServer(stack: AsyncDisposableStack) {
  const server = stack.use(await startEmbeddedPostgres(throwAwayOptions(await temporaryDirectory(stack))))
  return {
    adminUrl: server.url,
    async newDatabase(): Promise<string> {
      const name = `test_${++count}`
      await createDatabase(server.url, { name, owner: 'tester', password: 'secret' })
      const url = new URL(server.url)
      return Object.assign(url, { pathname: `/${name}`, username: 'tester', password: 'secret' }).href
    },
  }
}
