import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createConnection, createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { shippedBinDirectory, startEmbeddedPostgres } from '@sandkeep/postgres'
import { endWithThisProcess } from '../processes.ts'
import { makeTempDirectory, tempDirectory } from '../temp-directory.ts'

/** Where the test runner's main process answers with the URL of its server. */
const socketVariable = 'SANDKEEP_TEST_POSTGRES_SOCKET'
/** A server that is already there, to be used instead of a new one. */
const urlVariable = 'SANDKEEP_TEST_POSTGRES_URL'

type Answer = { url: string } | { error: string }

/**
 * Offers the processes of this test run one PostgreSQL between them, started when the first of them asks.
 * Null when there is one to ask already.
 */
export async function offerSharedServer(): Promise<AsyncDisposable | null> {
  if (process.env[socketVariable] !== undefined || process.env[urlVariable] !== undefined) return null
  await using stack = new AsyncDisposableStack()
  const path = join(await tempDirectory(stack), 'socket')
  let server: ReturnType<typeof startServer> | undefined
  const listener = createServer((socket) => {
    socket.on('error', () => {})
    server ??= startServer()
    const answer = (it: Answer) => socket.end(JSON.stringify(it))
    server.then(answer, (error: unknown) => answer({ error: String(error) }))
  })
  await once(listener.listen(path), 'listening')
  process.env[socketVariable] = path
  stack.defer(async () => {
    delete process.env[socketVariable]
    listener.close()
    await (await server)?.[Symbol.asyncDispose]()
  })
  return stack.move()
}

/** The URL, as superuser, of the PostgreSQL that this test run shares. */
export async function sharedServerUrl(): Promise<string> {
  const url = process.env[urlVariable]
  if (url) return url
  const path = process.env[socketVariable]
  if (path === undefined) return ownServerUrl()
  const answer: Answer = JSON.parse(await text(createConnection(path)))
  if ('error' in answer) throw new Error(answer.error)
  return answer.url
}

let own: Promise<{ url: string }> | undefined

/** Outside a test run the server ends with this process. */
async function ownServerUrl(): Promise<string> {
  own ??= startServer()
  return (await own).url
}

/** The shipped binaries come first: they are the same on every machine. */
async function startServer(): Promise<{ url: string } & AsyncDisposable> {
  const directory = await makeTempDirectory()
  const binDirectory = shippedBinDirectory()
  const server = await startEmbeddedPostgres({
    dataDirectory: directory,
    durable: false,
    ...(binDirectory === undefined ? {} : { binDirectory }),
  })
  const guard = endWithThisProcess({ pid: server.pid, signal: 'SIGQUIT', directory })
  return {
    url: server.url,
    async [Symbol.asyncDispose]() {
      guard[Symbol.dispose]()
      await server[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
