import { parseArgs } from 'node:util'

/** What Prisma's commands pass to their schema engine. */
export interface EngineArguments {
  version: boolean
  /** Paths of the schema files. */
  datamodels: string[]
  datasource: { url?: string; shadowDatabaseUrl?: string }
  /** `cli can-connect-to-database`, `cli create-database`, `cli drop-database`; else it serves requests. */
  command: string | undefined
}

export function parseEngineArguments(args: string[]): EngineArguments {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      version: { type: 'boolean', short: 'V', default: false },
      datamodels: { type: 'string', multiple: true, default: [] },
      datasource: { type: 'string', default: '{}' },
      'enabled-preview-features': { type: 'string' },
      'extension-types': { type: 'string' },
    },
  })
  const [group, command] = positionals
  return {
    version: values.version,
    datamodels: values.datamodels,
    datasource: JSON.parse(values.datasource),
    command: group === 'cli' ? command : undefined,
  }
}
