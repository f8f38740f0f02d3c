import { parseArgs } from 'node:util'
import { type ServiceName, StartRefusedError, serviceNames } from '@sandkeep/embedded/parts'
import { type BrokerVersion, brokerVersions } from '@sandkeep/testkit'

export type FleetCommand =
  | { kind: 'help' }
  | { kind: 'start'; broker: BrokerVersion; envFiles: string[] }
  | { kind: 'kill'; service: ServiceName }

export const usage = `npm run fleet -- [options]
  --broker VERSION   of RabbitMQ: ${brokerVersions.join(' or ')} (the default)
  --env-file FILE    variables, such as the URLs of engines to use; may be repeated
  --kill SERVICE     kill -9 ${serviceNames.join(', ')} of the fleet that runs, and wait until it is back`

/** Reads the command line. Throws `StartRefusedError` for one that cannot be followed. */
export function readOptions(args: string[]): FleetCommand {
  const { broker = '4.0', kill, help, 'env-file': envFiles = [] } = parse(args)
  if (help) return { kind: 'help' }
  if (kill !== undefined) return { kind: 'kill', service: oneOf(serviceNames, kill, '--kill') }
  return { kind: 'start', broker: oneOf(brokerVersions, broker, '--broker'), envFiles }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        broker: { type: 'string' },
        kill: { type: 'string' },
        'env-file': { type: 'string', multiple: true },
        help: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    throw new StartRefusedError(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
  }
}

function oneOf<T extends string>(known: readonly T[], given: string, option: string): T {
  const found = known.find((it) => it === given)
  if (found === undefined) throw new StartRefusedError(`${option} takes ${known.join(', ')}, not ${given}.`)
  return found
}
