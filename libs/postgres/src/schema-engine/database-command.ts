import { quoteIdentifier } from '../sql.ts'
import { atDatabase, connectTo, runOn, type Target } from './target.ts'

/** Prisma's codes for what may be wrong with a database, by PostgreSQL's. */
const codes = new Map([
  ['3D000', 'P1003'],
  ['28P01', 'P1000'],
  ['28000', 'P1000'],
  ['42P04', 'P1009'],
  ['ECONNREFUSED', 'P1001'],
  ['ENOTFOUND', 'P1001'],
])
const otherError = 'P1011'

/** Does one of the engine's commands and answers its exit code. */
export async function runDatabaseCommand(command: string, target: Target): Promise<number> {
  try {
    await perform(command, target)
    return 0
  } catch (error) {
    report(error, target)
    return 1
  }
}

async function perform(command: string, target: Target): Promise<void> {
  const name = quoteIdentifier(target.database)
  const elsewhere = atDatabase(target, target.database === 'postgres' ? 'template1' : 'postgres')
  switch (command) {
    case 'can-connect-to-database':
      return (await connectTo(target)).end()
    case 'create-database':
      return runOn(elsewhere, `create database ${name}`)
    case 'drop-database':
      return runOn(elsewhere, `drop database if exists ${name} with (force)`)
    default:
      throw new Error(`unknown command ${command}`)
  }
}

/** As a line of JSON on standard error, where Prisma looks for it after skipping the first line. */
function report(error: unknown, { database }: Target): void {
  const code = codes.get(codeOf(error)) ?? otherError
  const message = code === 'P1003' ? `Database \`${database}\` does not exist` : String(error)
  writeLog('INFO', { message: 'the command failed' })
  writeLog('ERROR', { is_panic: false, error_code: code, message })
}

let separator = ''

/** Without a line end after the last one, which Prisma would try to parse. */
function writeLog(level: string, fields: object): void {
  process.stderr.write(separator + JSON.stringify({ level, target: 'schema_engine::logger', fields }))
  separator = '\n'
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''
