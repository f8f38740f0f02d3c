import { randomBytes } from 'node:crypto'
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

/** A server to use instead of one's own, so that the same tests run on other versions. */
async function serverUrl(stack: AsyncDisposableStack): Promise<string> {
  const given = process.env['SANDKEEP_TEST_POSTGRES_URL']
  if (given) return given
  return stack.use(await startEmbeddedPostgres(throwAwayOptions(await temporaryDirectory(stack)))).url
}

/** Makes databases that belong to a role of the caller's own; answers their URLs. */
export async function startTestServer(stack: AsyncDisposableStack) {
  const adminUrl = await serverUrl(stack)
  const owner = `tester_${randomBytes(6).toString('hex')}`
  return {
    adminUrl,
    owner,
    async newDatabase(): Promise<string> {
      const name = `test_${randomBytes(6).toString('hex')}`
      await createDatabase(adminUrl, { name, owner, password: 'secret' })
      const url = new URL(adminUrl)
      return Object.assign(url, { pathname: `/${name}`, username: owner, password: 'secret' }).href
    },
  }
}
