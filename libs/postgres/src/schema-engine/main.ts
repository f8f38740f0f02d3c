import { version } from '@prisma/schema-engine-wasm'
import { parseEngineArguments } from './arguments.ts'
import { runDatabaseCommand } from './database-command.ts'
import { serve } from './serve.ts'
import { targetOf } from './target.ts'

// A stand-in for the native executable that Prisma would download: the same engine as WebAssembly, from npm.
const args = parseEngineArguments(process.argv.slice(2))
if (args.version) {
  process.stdout.write(`schema-engine-cli ${version()}\n`)
} else if (args.command !== undefined) {
  process.exitCode = await runDatabaseCommand(args.command, targetOf(args.datasource.url ?? ''))
} else {
  await serve(args, process.stdin, process.stdout)
}
