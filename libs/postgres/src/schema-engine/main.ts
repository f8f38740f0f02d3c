#!/usr/bin/env node
import { parseEngineArguments } from './arguments.ts'
import { runDatabaseCommand } from './database-command.ts'
import { serve } from './serve.ts'
import { targetOf } from './target.ts'
import { loadSchemaEngine } from './wasm.ts'

// A stand-in for the native executable that Prisma would download: the same engine as WebAssembly, from npm.
const args = parseEngineArguments(process.argv.slice(2))
if (args.version) {
  const { version } = await loadSchemaEngine()
  process.stdout.write(`schema-engine-cli ${version()}\n`)
} else if (args.command !== undefined) {
  process.exitCode = await runDatabaseCommand(args.command, targetOf(args.datasource.url ?? ''))
} else {
  await serve(args, process.stdin, process.stdout)
}
