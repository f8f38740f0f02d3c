import { parseArgs } from 'node:util'
import { type Command, type Tools, UsageError } from './command.ts'
import { emit } from './emit.ts'
import { list } from './list.ts'
import { discard, redrive } from './redrive.ts'
import { replay } from './replay.ts'
import { show } from './show.ts'
import { tail } from './tail.ts'

const commands = new Map<string, Command>(
  Object.entries({ list, show, tail, emit, redrive, discard, replay }),
)

/** Runs one command line; throws `UsageError` when it makes no sense. */
export async function run(args: string[], tools: Tools): Promise<void> {
  const [name = '--help', ...rest] = args
  if (name === '--help' || name === 'help') return tools.print(overview())
  const command = commands.get(name)
  if (!command) throw new UsageError(`there is no command "${name}"; see npm run events -- --help`)
  const { values, positionals } = parse(name, command, rest)
  if (values['help']) return tools.print(command.help)
  await command.run(values, positionals, tools)
}

function parse(name: string, command: Command, args: string[]) {
  try {
    const options = { ...command.options, help: { type: 'boolean', short: 'h' } } as const
    return parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${reason}; see npm run events -- ${name} --help`)
  }
}

function overview(): string {
  const lines = [...commands].map(([name, { summary }]) => `  ${name.padEnd(8)} ${summary}`)
  return `npm run events -- COMMAND …

Looks at the events of one service and repairs their way.

${lines.join('\n')}

  COMMAND --help   what it does, its options, examples

Environment
  DATABASE_URL  the database of the service, such as postgres://identity:secret@localhost:5432/identity
  BUS_URL       the bus, such as amqp://user:secret@localhost:5672 or memory:/path/to/data/bus`
}
