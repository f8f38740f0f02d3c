import { startEmbeddedPostgres } from '../src/embedded/start.ts'
import { throwAwayOptions } from './server.ts'

// Starts a server on the data directory it is given, tells how to reach it, and waits to be killed.
const { url, pid } = await startEmbeddedPostgres(throwAwayOptions(process.argv[2] ?? ''))
process.stdout.write(`${JSON.stringify({ url, pid })}\n`)
setInterval(() => {}, 60_000)
